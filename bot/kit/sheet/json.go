package sheet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// openJSON prepares lines of JSON, an object each: the header is every key of theirs.
func (s *Source) openJSON(path string) error {
	s.Encoding, s.Loose = "UTF-8, JSON lines", true
	var keys []string
	known := map[string]int{}
	read := func(each func(line int, object []pair) error) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		in := bufio.NewReaderSize(io.LimitReader(f, maxBytes), sampleBytes)
		for line := 1; ; line++ {
			text, err := in.ReadBytes('\n')
			if trimmed := bytes.TrimSpace(bytes.TrimPrefix(text, []byte(bom))); len(trimmed) > 0 {
				object, bad := object(trimmed)
				if bad != nil {
					return fmt.Errorf("line %d is no JSON object: %w", line, bad)
				}
				if err := each(line, object); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	}
	if err := read(func(_ int, object []pair) error {
		for _, p := range object {
			if _, ok := known[p.key]; !ok {
				if len(keys) == maxColumns {
					return errors.New("has more keys than a table has columns")
				}
				known[p.key], keys = len(keys), append(keys, p.key)
			}
		}
		return nil
	}); err != nil {
		return err
	}
	s.walk = func(each func(Row) error) error {
		if err := each(Row{Line: 0, Cells: slices.Clone(keys)}); err != nil {
			return err
		}
		return read(func(line int, object []pair) error {
			cells := make([]string, len(keys))
			for _, p := range object {
				cells[known[p.key]] = p.value
			}
			return each(Row{Line: line, Cells: cells})
		})
	}
	return nil
}

type pair struct{ key, value string }

// object reads the members of an object, in their order, as text.
func object(line []byte) ([]pair, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var out []pair
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, err
		}
		name, _ := key.(string)
		out = append(out, pair{name, plain(v)})
	}
	_, err := d.Token()
	return out, err
}

func plain(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case bool:
		return cell(x)
	case []any:
		parts := make([]string, len(x))
		for i, one := range x {
			parts[i] = plain(one)
		}
		return strings.Join(parts, ";")
	}
	return fmt.Sprint(v)
}
