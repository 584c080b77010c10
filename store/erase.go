package store

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"fieldbot/bot/kit/access"
	"fieldbot/bot/kit/field"
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
	// Name narrows the rows to those in which it stands as a word, in the SQL text Text.
	Name, Text string
}

// Run counts the rows of each, and overwrites them where it is meant.
func Run(tx *Tx, all []Overwrite, really bool) (out []Erasure, err error) {
	for _, o := range all {
		if o.Name != "" {
			n, err := o.named(tx, really)
			if err != nil {
				return nil, err
			}
			out = append(out, Erasure{o.What, n})
			continue
		}
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

// named overwrites the rows in which a name stands as a word.
func (o Overwrite) named(tx *Tx, really bool) (int64, error) {
	type row struct {
		ID   string `db:"id"`
		Text string `db:"text"`
	}
	without := striking(o.Name)
	var ids []string
	err := Each(tx, func(r row) error {
		if without(r.Text) != r.Text {
			ids = append(ids, r.ID)
		}
		return nil
	}, `SELECT id, `+o.Text+` AS text FROM `+o.Table+` WHERE `+o.Where, o.Args...)
	if !really || err != nil {
		return int64(len(ids)), err
	}
	for _, id := range ids {
		if err := tx.Do(`UPDATE `+o.Table+` SET `+o.Set+` WHERE id = $1`, id); err != nil {
			return 0, err
		}
	}
	return int64(len(ids)), nil
}

// Mentions strike a name out of the words of an account's rows and of their parts, whatever
// noun they are of, and count the rows; as a rehearsal they count alone. A name is struck
// where it stands as a word of its own, in whatever case; one of a single letter is in too
// many words that mean something else.
func Mentions(tx *Tx, account, name string, really bool) (out []Erasure, err error) {
	if utf8.RuneCountInString(name) < 2 {
		return nil, nil
	}
	for _, n := range Nouns() {
		rows, err := n.strike(tx, account, striking(name), really)
		if err != nil {
			return nil, err
		}
		out = append(out, Erasure{strings.ReplaceAll(n.Table(), "_", " ") + " that name them", rows})
	}
	return out, nil
}

// striking replaces a name; one in Chinese stands in a text without blanks around it.
func striking(name string) func(string) string {
	edge := `[\pL\pN]`
	if strings.ContainsFunc(name, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
		edge = `[^\x00-\x{10FFFF}]` // nothing
	}
	letter, named := regexp.MustCompile(edge), regexp.MustCompile(`(?i)`+regexp.QuoteMeta(name))
	return func(text string) string {
		var out strings.Builder
		rest := 0
		for _, at := range named.FindAllStringIndex(text, -1) {
			before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
			after, _ := utf8.DecodeRuneInString(text[at[1]:])
			if at[0] > 0 && letter.MatchString(string(before)) || at[1] < len(text) && letter.MatchString(string(after)) {
				continue
			}
			out.WriteString(text[rest:at[0]] + Erased)
			rest = at[1]
		}
		return out.String() + text[rest:]
	}
}

// belongs is the column by which a row is an account's, through what it is a part of if need
// be; "" where it is nobody's.
func (n *Noun[T]) belongs() string {
	if n.Account != "" {
		return n.Alias + "." + n.Account
	}
	if part := strings.Fields(n.Join); len(part) > 2 { // JOIN deals d ON …
		if whole, ok := nounOf(part[1]); ok && whole.Describe().Account != "" {
			return part[2] + "." + whole.Describe().Account
		}
	}
	return ""
}

// named are fields that hold no sentence, however long they may be.
var named = []string{"name", "ref", "territory", "stage", "address", "email", "shares"}

// prose is the least that a text may hold for a name to be looked for in it.
const prose = 80

// Words implements AnyNoun.
func (n *Noun[T]) Words() []string {
	out := slices.Clone(n.About.Words)
	columns := n.Columns()
	for _, f := range n.Catalogue.Fields {
		column := cmp.Or(f.Column, f.Key)
		long := f.Kind == field.Long || f.Kind == field.Text && (f.Max >= prose || f.Suggest)
		if long && slices.Contains(columns, column) && !slices.Contains(named, f.Key) && !slices.Contains(out, column) {
			out = append(out, column)
		}
	}
	return out
}

func (n *Noun[T]) strike(tx *Tx, account string, without func(string) string, really bool) (int64, error) {
	of, words := n.belongs(), n.Words()
	if of == "" || len(words) == 0 {
		return 0, nil
	}
	var struck []T
	if err := n.In(access.System("an erasure looks everywhere")).Every().And(of+" = ?", account).Order(n.Alias+".id").Each(tx, func(row T) error {
		v, found := reflect.ValueOf(&row).Elem(), false
		for _, w := range words {
			found = strikeIn(columnIn(v, w), without) || found
		}
		if found {
			struck = append(struck, row)
		}
		return nil
	}); err != nil || !really {
		return int64(len(struck)), err
	}
	for _, row := range struck {
		if err := n.overwrite(tx, row, words); err != nil {
			return 0, err
		}
	}
	return int64(len(struck)), nil
}

// overwrite writes words of a row, and what is searched, past the trail: who changed what
// stays there, what was said goes.
func (n *Noun[T]) overwrite(tx *Tx, row T, words []string) error {
	if n.Fill != nil {
		if err := n.Fill(tx, &row); err != nil {
			return err
		}
	}
	if slices.Contains(n.Columns(), "search") {
		words = append(slices.Clone(words), "search")
	}
	v := reflect.ValueOf(&row).Elem()
	var a Args
	set := []string{"version = version + 1"}
	for _, w := range words {
		set = append(set, w+" = "+a.Add(encode(columnIn(v, w))))
	}
	id, _ := row.Key()
	return tx.Do(`UPDATE `+n.Table()+` SET `+strings.Join(set, ", ")+` WHERE id = `+a.Add(id), a.List...)
}

// strikeIn strikes in a column: a text, several, or texts by key.
func strikeIn(v reflect.Value, without func(string) string) (found bool) {
	switch v.Kind() {
	case reflect.String:
		text := without(v.String())
		found = text != v.String()
		v.SetString(text)
	case reflect.Slice:
		several := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(several, v)
		for i := range several.Len() {
			found = strikeIn(several.Index(i), without) || found
		}
		v.Set(several)
	case reflect.Map:
		texts := reflect.MakeMap(v.Type())
		for _, key := range v.MapKeys() {
			text := without(v.MapIndex(key).String())
			found = found || text != v.MapIndex(key).String()
			texts.SetMapIndex(key, reflect.ValueOf(text).Convert(v.Type().Elem()))
		}
		if !v.IsNil() {
			v.Set(texts)
		}
	}
	return found
}

// erasedContent is what remains of a line whose content was overwritten.
const erasedContent = "{}"

// Trail are what to overwrite of a row in the trail, and of a name in messages that were
// sent: who changed what stays with its digest, the content goes.
func Trail(tx *Tx, kind, id, name string) []Overwrite {
	like := "%" + strings.NewReplacer("%", "", "_", "").Replace(name) + "%"
	either := []any{like, strings.ToLower(like)} // SQLite lowers the letters of English alone
	gone := `before = '', after = '` + erasedContent + `', salt = '', erased_at = ` + strconv.FormatInt(tx.Now.UnixMilli(), 10)
	return []Overwrite{
		{What: "lines of the trail", Table: "audit_trail", Where: `kind = $1 AND subject_id = $2`, Set: gone, Args: []any{kind, id}},
		{What: "lines of the trail that name them", Table: "audit_trail", Where: `before LIKE $1 OR after LIKE $1 OR lower(before) LIKE $2 OR lower(after) LIKE $2`, Set: gone, Args: either, Name: name, Text: `before || ' ' || after`},
		{What: "messages that were sent and name them", Table: "outbox", Where: `state <> 'queued' AND (body LIKE $1 OR lower(body) LIKE $2)`, Set: `body = '{}'`, Args: either, Name: name, Text: "body"},
	}
}
