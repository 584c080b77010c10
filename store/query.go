package store

import (
	"strconv"
	"strings"
	"time"

	"fieldbot/bot/kit/access"
)

// Query is a question about the rows of a noun, from behind its gate.
type Query[T Row] struct {
	n     *Noun[T]
	scope access.Scope
	args  Args
	where []string
	order string
	limit string
	every bool
}

// In begins a question: the rows that are there and that a scope may see.
func (n *Noun[T]) In(s access.Scope) *Query[T] { return &Query[T]{n: n, scope: s} }

// Every asks for rows that are no more, too: the trail and imports know them.
func (q *Query[T]) Every() *Query[T] { q.every = true; return q }

// And narrows the question; each ? of the condition takes a value. Its alternatives stay
// behind the gate.
func (q *Query[T]) And(condition string, values ...any) *Query[T] {
	for _, v := range values {
		condition = strings.Replace(condition, "?", q.args.Add(v), 1)
	}
	q.where = append(q.where, "("+condition+")")
	return q
}

// Among narrows some columns to lists of their values, in one question for all.
func (q *Query[T]) Among(columns string, values [][]any) *Query[T] {
	q.where = append(q.where, "("+columns+") IN (VALUES "+q.args.Rows(values)+")")
	return q
}

// Below narrows to an account and all below it; "" is all.
func (q *Query[T]) Below(account string) *Query[T] {
	if account != "" {
		q.where = append(q.where, q.n.Alias+"."+q.n.Account+" IN ("+q.args.Below(account)+")")
	}
	return q
}

// Since narrows a column of instants to a span; a zero end is open.
func (q *Query[T]) Since(column string, since, until time.Time) *Query[T] {
	q.And(column+" >= ?", since)
	if !until.IsZero() {
		q.And(column+" < ?", until)
	}
	return q
}

// Args are those of the question, for a condition that takes more.
func (q *Query[T]) Args() *Args { return &q.args }

// Order orders the rows.
func (q *Query[T]) Order(by string) *Query[T] { q.order = " ORDER BY " + by; return q }

// Limit bounds how many rows come. It is written out: SQLite plans by it.
func (q *Query[T]) Limit(n int) *Query[T] { q.limit = " LIMIT " + strconv.Itoa(n); return q }

func (q *Query[T]) text(what string) string {
	where := q.where
	if !q.every && q.n.Lives != "" {
		where = append(where, q.n.Lives)
	}
	where = append(where, q.n.gate(&q.args, q.scope, q.n.Gate))
	return "SELECT " + what + q.n.from() + " WHERE " + strings.Join(where, " AND ")
}

func (n *Noun[T]) from() string {
	from := " FROM " + n.Table() + " " + n.Alias
	if n.Join != "" {
		from += " " + n.Join
	}
	return from
}

func (q *Query[T]) rows() string { return q.text(q.n.columns) + q.order + q.limit }

// Rows returns the rows.
func (q *Query[T]) Rows(tx *Tx) ([]T, error) { return Rows[T](tx, q.rows(), q.args.List...) }

// One returns the first row, and whether there is one.
func (q *Query[T]) One(tx *Tx) (T, bool, error) { return One[T](tx, q.rows(), q.args.List...) }

// Each calls fn with each row; fn must not use the transaction.
func (q *Query[T]) Each(tx *Tx, fn func(T) error) error {
	return Each(tx, fn, q.rows(), q.args.List...)
}

// EachOf calls fn with some columns of each row of a question, which may be of what the noun
// joins; fn must not use the transaction.
func EachOf[R any, T Row](tx *Tx, q *Query[T], columns string, fn func(R) error) error {
	return Each(tx, fn, q.text(columns)+q.order+q.limit, q.args.List...)
}

// Count counts the rows.
func (q *Query[T]) Count(tx *Tx) (int64, error) {
	n, _, err := One[int64](tx, q.text("count(*)"), q.args.List...)
	return n, err
}

// ByID returns the row of an id.
func (q *Query[T]) ByID(tx *Tx, id string) (T, bool, error) {
	return q.And(q.n.Alias+".id = ?", id).One(tx)
}

// Mine narrows the question to rows that the scope may change, too.
func (q *Query[T]) Mine() *Query[T] {
	if q.n.May != nil {
		q.where = append(q.where, q.n.May(&q.args, q.scope))
	}
	return q
}
