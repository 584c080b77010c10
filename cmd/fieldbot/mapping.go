package main

import (
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// mapping are the flags that say how the files of one system are read.
type mapping struct {
	Map        []string `yaml:"map,omitempty"`
	Set        []string `yaml:"set,omitempty"`
	Value      []string `yaml:"value,omitempty"`
	None       []string `yaml:"none,omitempty"`
	DateFormat string   `yaml:"date_format,omitempty"`
	Decimal    string   `yaml:"decimal,omitempty"`
	Encoding   string   `yaml:"encoding,omitempty"`
	Sheet      string   `yaml:"sheet,omitempty"`
	NoHeader   bool     `yaml:"no_header,omitempty"`
	SkipRows   int      `yaml:"skip_rows,omitempty"`
}

// mapped reads and keeps the flags in files, where the person says so. What is said beside
// a file comes before it.
func (v *importVerb) mapped() error {
	if v.MapFile != "" {
		data, err := os.ReadFile(v.MapFile)
		if err != nil {
			return err
		}
		var m mapping
		if err := yaml.Unmarshal(data, &m); err != nil {
			return fmt.Errorf("%s: %w; write it with --save-map", v.MapFile, err)
		}
		v.Map, v.Set, v.Value, v.None = append(m.Map, v.Map...), append(m.Set, v.Set...), append(m.Value, v.Value...), append(m.None, v.None...)
		for _, x := range []struct {
			said *string
			kept string
		}{{&v.DateFormat, m.DateFormat}, {&v.Encoding, m.Encoding}, {&v.Sheet, m.Sheet}} {
			if *x.said == "" {
				*x.said = x.kept
			}
		}
		if m.Decimal != "" {
			v.Decimal = m.Decimal
		}
		v.NoHeader, v.SkipRows = v.NoHeader || m.NoHeader, max(v.SkipRows, m.SkipRows)
	}
	if v.SaveMap == "" {
		return nil
	}
	data, err := yaml.Marshal(mapping{v.Map, v.Set, v.Value, v.None, v.DateFormat, v.Decimal, v.Encoding, v.Sheet, v.NoHeader, v.SkipRows})
	if err != nil {
		return err
	}
	return os.WriteFile(v.SaveMap, data, 0o600)
}

func pairs(flag string, list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range list {
		k, v, ok := strings.Cut(p, "=")
		if !ok || k == "" {
			return nil, usageError{fmt.Errorf("%s %q: write %s ours=…", flag, p, flag)}
		}
		out[strings.TrimSpace(k)] = v
	}
	return out, nil
}

// meanings reads what words of theirs mean, by field.
func meanings(list []string) (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	for _, p := range list {
		field, rest, ok := strings.Cut(p, ":")
		theirs, ours, is := strings.Cut(rest, "=")
		if !ok || !is || field == "" {
			return nil, usageError{fmt.Errorf("--value %q: write --value ours:WORD=VALUE", p)}
		}
		if out[field] == nil {
			out[field] = map[string]string{}
		}
		out[field][theirs] = ours
	}
	return out, nil
}
