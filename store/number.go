package store

// NextSeq is the next figure of a table's numbers (D-1042: 1042), which stand in
// its column seq; imported numbers of others' have 0 there.
func (tx *Tx) NextSeq(table string, first int64) (int64, error) {
	if err := tx.Lock("number:" + table); err != nil {
		return 0, err
	}
	last, _, err := One[int64](tx, `SELECT coalesce(max(seq), 0) FROM `+table+` WHERE seq > 0`)
	return max(last+1, first), err
}
