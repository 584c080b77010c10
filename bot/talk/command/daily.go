package command

import "fmt"

// Spend uses up one of the times a day that something may be done for the person. It
// is false when there is none left.
func (r *Request) Spend(what string, times int) (bool, error) {
	for n := range times {
		first, err := r.Tx.MarkOnce(spent(what, n+1), r.Who.ID, string(r.Words.Today(r.Tx.Now)))
		if err != nil || first {
			return first, err
		}
	}
	return false, nil
}

// Spent reports whether all of them are used up.
func (r *Request) Spent(what string, times int) (bool, error) {
	return r.Tx.Marked(spent(what, times), r.Who.ID, string(r.Words.Today(r.Tx.Now)))
}

func spent(what string, n int) string { return fmt.Sprintf("%s %d", what, n) }
