package config

import (
	"maps"
	"reflect"
	"slices"
)

// Section is what a capability lets a company set, under its name at the top of
// the file.
type Section struct {
	Name string
	// Default returns the settings of a company that sets nothing: a struct with
	// yaml tags.
	Default func() any
	// Check names what is wrong, by the key below the section, and what to write.
	Check func(settings any, fault func(key, cure string, args ...any))
}

var sections = map[string]Section{}

// Register adds the section of a capability, when the program starts.
func Register(s Section) { sections[s.Name] = s }

func sectionNames() []string { return slices.Sorted(maps.Keys(sections)) }

// section is the settings of a section, to be written.
func (c *Config) section(name string) (reflect.Value, bool) {
	p, ok := c.Sections[name]
	if !ok {
		return reflect.Value{}, false
	}
	return reflect.ValueOf(p).Elem(), true
}

// defaults makes the sections of a config.
func defaults() map[string]any {
	out := map[string]any{}
	for name, s := range sections {
		value := reflect.ValueOf(s.Default())
		p := reflect.New(value.Type())
		p.Elem().Set(value)
		out[name] = p.Interface()
	}
	return out
}

// Of returns the settings of a capability.
func Of[T any](c *Config) T {
	for _, p := range c.Sections {
		if s, ok := p.(*T); ok {
			return *s
		}
	}
	var none T
	return none
}

func (l *loader) validateSections(c *Config) {
	for _, name := range sectionNames() {
		if check := sections[name].Check; check != nil {
			check(reflect.ValueOf(c.Sections[name]).Elem().Interface(), func(key, cure string, args ...any) { l.fault(name+"."+key, cure, args...) })
		}
	}
}
