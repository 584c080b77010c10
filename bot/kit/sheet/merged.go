package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// area is what merged cells cover: they show what its first cell holds.
type area struct{ left, top, right, bottom int }

var merge = regexp.MustCompile(`<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"`)

// mergedIn finds the merged cells of a sheet, which stand behind its rows.
func mergedIn(z *zip.Reader, part string) (out []area, err error) {
	in, err := entry(z, part)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // only read
	block, kept := make([]byte, sampleBytes), 0
	for {
		n, err := in.Read(block[kept:])
		seen := block[:kept+n]
		end := 0
		for _, m := range merge.FindAllSubmatchIndex(seen, -1) {
			group := func(i int) string { return string(seen[m[2*i]:m[2*i+1]]) }
			left, _ := column(group(1))
			right, _ := column(group(3))
			top, _ := strconv.Atoi(group(2))
			bottom, _ := strconv.Atoi(group(4))
			if out = append(out, area{left, top, right, bottom}); len(out) > maxMerged {
				return nil, errors.New("has more than 10,000 merged cells; unmerge them")
			}
			end = m[1]
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			slices.SortStableFunc(out, func(a, b area) int { return a.top - b.top })
			return out, err
		}
		kept = copy(block, seen[max(end, len(seen)-64):])
	}
}

// merging is how far the rows have come among the merged cells.
type merging struct {
	rest []area          // below, by their tops
	on   []area          // that the row lies in
	over map[area]string // what these hold
}

// fill puts into merged cells what the first of them holds.
func (m *merging) fill(row *Row) {
	for len(m.rest) > 0 && m.rest[0].top <= row.Line {
		a := m.rest[0]
		m.rest, m.on = m.rest[1:], append(m.on, a)
		if row.Line == a.top && a.left < len(row.Cells) {
			m.over[a] = row.Cells[a.left]
		}
	}
	m.on = slices.DeleteFunc(m.on, func(a area) bool { return row.Line > a.bottom })
	for _, a := range m.on {
		for i := a.left; i <= min(a.right, maxColumns-1) && m.over[a] != ""; i++ {
			row.put(i, m.over[a], "")
		}
	}
}
