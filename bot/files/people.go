package files

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/kit/calendar"
	"fieldbot/bot/kit/search"
	"fieldbot/bot/person"
	"fieldbot/bot/person/personstore"
	"fieldbot/store"
)

func peopleKind(j *Job) Rows[person.Person] {
	k := Rows[person.Person]{ID: func(p *person.Person) *string { return &p.ID }}
	k.Find = func(_ *store.Tx, v map[string]string) (person.Person, bool, error) {
		p, ok := j.refs.handles[v["handle"]]
		return p, ok, nil
	}
	byCode := map[string]string{}
	for handle, p := range j.refs.handles {
		byCode[p.Code] = handle
	}
	taken := map[string]string{} // handle made from a name → whose number
	// Without a handle a person is matched by number, else gets a handle from
	// the name.
	k.Key = func(v map[string]string) string {
		if v["handle"] == "" {
			if known := byCode[v["code"]]; known != "" && v["code"] != "" {
				v["handle"] = known
			} else {
				v["handle"] = handleOf(v["name"])
				owner, used := taken[v["handle"]]
				if known, there := j.refs.handles[v["handle"]]; there && known.Code != "" && v["code"] != "" {
					owner, used = known.Code, true // somebody else of the same name
				}
				if used && owner != v["code"] {
					v["handle"] += "." + v["code"]
				}
			}
			taken[v["handle"]] = v["code"]
		}
		v["handle"] = strings.ToLower(v["handle"])
		j.refs.numbers[v["code"]] = v["handle"] // a file may name its own people by number
		return "people:" + v["handle"]
	}
	k.Fill = func(p *person.Person, r *Record) bool {
		if !person.HandleShape.MatchString(r.Fields["handle"]) {
			j.Refuse(r, "handle", "write 1 to 32 small letters, digits, dots, - or _")
			return false
		}
		if zone := r.Fields["timezone"]; zone != "" {
			if _, ok := calendar.Zone(zone); !ok {
				j.Refuse(r, "timezone", "write an IANA name such as Asia/Shanghai")
				return false
			}
		}
		for _, platform := range []string{"slack", "telegram"} {
			if owner := j.refs.linked[platform+":"+r.Fields[platform]]; owner != "" && owner != p.ID {
				j.Refuse(r, platform, "belongs to another person")
				return false
			}
		}
		if !j.Set(person.Catalogue, p, r) {
			return false
		}
		if p.Status == "" {
			p.Status = "active"
		}
		p.Territory = store.CleanTerritory(p.Territory)
		p.ZoneKnown = p.ZoneKnown || r.Fields["timezone"] != ""
		return true
	}
	k.Order = func(plan []*Planned[person.Person]) []*Planned[person.Person] { return j.noCircles(plan) }
	k.Same = Equal[person.Person](person.Catalogue)
	k.Add = personstore.People.Add
	k.Change = personstore.People.Change
	k.After = func(tx *store.Tx, p person.Person, r *Record) error {
		for _, platform := range []string{"slack", "telegram"} {
			if id := r.Fields[platform]; id != "" {
				if err := personstore.Link(tx, person.Identity{Platform: platform, ExternalID: id, PersonID: p.ID, Room: id}); err != nil {
					return fmt.Errorf("%s:%d: %s %s belongs to another person", r.File, r.Line, platform, id)
				}
			}
		}
		return nil
	}
	return k
}

// noCircles refuses people whose line leads back to themselves, as the file and what is
// kept make it.
func (j *Job) noCircles(plan []*Planned[person.Person]) []*Planned[person.Person] {
	above := map[string]string{}
	for id, p := range j.refs.byID {
		above[id] = p.ReportsTo
	}
	for _, p := range plan {
		above[p.After.ID] = p.After.ReportsTo
	}
	return slices.DeleteFunc(plan, func(p *Planned[person.Person]) bool {
		circle := person.Circle(p.After.ID, above)
		if circle {
			j.Refuse(p.Record, "reports_to", "leads back to this person")
		}
		return circle
	})
}

// handleOf makes a handle from a name: nancy.davolio, li.wei by pinyin.
func handleOf(name string) string {
	full, _ := search.Pinyin(name)
	if full == "" {
		full = search.Fold(name)
	}
	var b strings.Builder
	for _, r := range full {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "."):
			b.WriteByte('.')
		}
	}
	h := strings.Trim(b.String(), ".")
	return h[:min(len(h), 28)]
}
