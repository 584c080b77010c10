package store

import (
	"fmt"
	"strconv"
	"strings"
)

// The figures of a company's numbers: the first, and the bound of those from files that
// count as ours; a year written as a number must not use all of them up.
const (
	firstNumber = 1001
	lastNumber  = 100_000_000
)

// Number gives a row without a number the next one of its table, such as D-1042, whose
// figures stand in the column seq. One of ours that came in a file is not given again;
// others' numbers have 0 there.
func (tx *Tx) Number(table, prefix string, seq *int64, number *string) error {
	if *number != "" {
		figures, isOurs := strings.CutPrefix(*number, prefix+"-")
		if n, err := strconv.ParseInt(figures, 10, 64); isOurs && err == nil && n > 0 && n < lastNumber && figures == strconv.FormatInt(n, 10) {
			*seq = n
		}
		return nil
	}
	if err := tx.Lock("number:" + table); err != nil {
		return err
	}
	last, _, err := One[int64](tx, `SELECT coalesce(max(seq), 0) FROM `+table+` WHERE seq > 0`)
	if err == nil {
		*seq = max(last+1, firstNumber)
		*number = fmt.Sprintf("%s-%d", prefix, *seq)
	}
	return err
}
