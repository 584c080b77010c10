package store

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Erased is what stands where somebody's name did.
const Erased = "erased"

// Erasure counts what of somebody is overwritten, by where it stands.
type Erasure struct {
	What string
	Rows int64
}

// Overwrite runs statements that overwrite what is known of somebody, each with its own
// arguments, and counts; as a rehearsal it counts alone.
type Overwrite struct {
	What  string
	Table string
	Where string // with $1 … for Args
	Set   string // behind SET, with the same arguments; "" deletes
	Args  []any
}

// Run counts the rows of each, and overwrites them where it is meant.
func Run(tx *Tx, all []Overwrite, really bool) (out []Erasure, err error) {
	for _, o := range all {
		n, _, err := One[int64](tx, `SELECT count(*) FROM `+o.Table+` WHERE `+o.Where, o.Args...)
		if err != nil {
			return nil, err
		}
		out = append(out, Erasure{o.What, n})
		if !really || n == 0 {
			continue
		}
		statement := `UPDATE ` + o.Table + ` SET ` + o.Set + ` WHERE ` + o.Where
		if o.Set == "" {
			statement = `DELETE FROM ` + o.Table + ` WHERE ` + o.Where
		}
		if err := tx.Do(statement, o.Args...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Mentions overwrite a name in every column of words of an account's rows, and of the parts
// of such rows, whatever noun they are of; the account and its stores keep their own names.
// A name of one letter is in too many words that mean something else.
func Mentions(account, name string) (out []Overwrite) {
	if utf8.RuneCountInString(name) < 2 {
		return nil
	}
	for _, n := range Nouns() {
		about := n.Describe()
		column, from := about.Account, n.Table()+" "+about.Alias
		if column != "" {
			column = about.Alias + "." + column
		} else if part := strings.Fields(about.Join); len(part) > 2 { // JOIN deals d ON …
			if whole, ok := nounOf(part[1]); ok && whole.Describe().Account != "" {
				column, from = part[2]+"."+whole.Describe().Account, from+" "+about.Join
			}
		}
		if column == "" {
			continue
		}
		var where, set []string
		for _, text := range n.texts() {
			if about.Account == "id" || about.Store == "id" {
				if text == "name" || text == "code" || text == "search" {
					continue
				}
			}
			where = append(where, text+` LIKE '%' || $2 || '%' OR `+text+` LIKE '%' || $3 || '%'`)
			set = append(set, text+` = replace(replace(`+text+`, $2, '`+Erased+`'), $3, '`+Erased+`')`)
		}
		if len(set) == 0 {
			continue
		}
		out = append(out, Overwrite{What: strings.ReplaceAll(n.Table(), "_", " ") + " that name them", Table: n.Table(),
			Where: `(` + strings.Join(where, ` OR `) + `) AND id IN (SELECT ` + about.Alias + `.id FROM ` + from + ` WHERE ` + column + ` = $1)`,
			Set:   strings.Join(set, `, `) + `, version = version + 1`, Args: []any{account, name, strings.ToLower(name)}})
	}
	return out
}

// erasedContent is what remains of a line whose content was overwritten.
const erasedContent = "{}"

// Trail are what to overwrite of a row in the trail, and of a name in messages that were
// sent: who changed what stays with its digest, the content goes.
func Trail(tx *Tx, kind, id, name string) []Overwrite {
	text := "%" + strings.NewReplacer("%", "", "_", "").Replace(name) + "%"
	gone := `before = '', after = '` + erasedContent + `', salt = '', erased_at = ` + strconv.FormatInt(tx.Now.UnixMilli(), 10)
	return []Overwrite{
		{"lines of the trail", "audit_trail", `kind = $1 AND subject_id = $2`, gone, []any{kind, id}},
		{"lines of the trail that name them", "audit_trail", `before LIKE $1 OR after LIKE $1`, gone, []any{text}},
		{"messages that were sent and name them", "outbox", `state <> 'queued' AND body LIKE $1`, `body = '{}'`, []any{text}},
	}
}
