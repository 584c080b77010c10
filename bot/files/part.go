package files

import (
	"fmt"
	"slices"
	"strings"

	"fieldbot/bot/kit/field"
	"fieldbot/bot/kit/sheet"
)

// Part is a file as a kind beside its own reads it: its columns of that kind are called
// accounts.name, account_name or Account Name; the keys by which its own kind names the
// other's rows are the other's keys. Rows that say nothing of the kind are passed by.
func Part(source *sheet.Source, kind, with string) (*sheet.Source, error) {
	k, ok := kindNamed(with)
	if !ok || k.Import == nil {
		return nil, fmt.Errorf("--with %s: write kinds such as accounts, contacts", with)
	}
	own, _ := kindNamed(kind)
	one := strings.TrimSuffix(with, "s")
	header := make([]string, len(source.Header))
	needed := -1
	for i, h := range source.Header {
		name := plainHeader(h)
		for _, f := range k.Catalogue.For(field.Import) {
			for _, called := range append(HeaderNames(f), f.Key) {
				for _, before := range append([]string{with, one}, also[with]...) {
					for _, sep := range []string{".", "_", " "} {
						if name == before+sep+called {
							header[i] = f.Key
						}
					}
				}
			}
			if also := bare[with]; header[i] == "" && f.Key == "name" && also == name {
				header[i] = f.Key
			}
		}
		if header[i] == "name" {
			needed = i
		}
	}
	// The column by which the file's own kind names the other's row.
	key := map[bool]string{true: "code", false: "account_code"}[with == "accounts"]
	for _, f := range own.Catalogue.For(field.Import) {
		if f.Kind != field.Account {
			continue
		}
		for _, names := range headerNames(f) {
			i := slices.IndexFunc(source.Header, func(h string) bool { return slices.Contains(names, plainHeader(h)) })
			if i >= 0 && header[i] == "" && !slices.Contains(header, key) {
				header[i] = key
			}
		}
	}
	if needed < 0 {
		return nil, fmt.Errorf("--with %s: %s has no column %s.name", with, source.File, with)
	}
	for i, h := range header {
		if h == "" {
			header[i] = "· " + source.Header[i] // no field takes it
		}
	}
	return source.As(header, needed), nil
}

// also are further words before the columns of a kind, bare what alone is its name.
var (
	also = map[string][]string{"accounts": {"company", "customer", "客户"}, "contacts": {"联系人"}, "people": {"owner"}}
	bare = map[string]string{"accounts": "company", "contacts": "contact"}
)
