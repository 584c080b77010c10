package account

// Positions are the cells of the relation matrix (关系矩阵): the letter is
// the strength of the relation, the figure the kind of customer.
func Positions() []string {
	var out []string
	for _, letter := range "ABC" {
		for figure := '1'; figure <= '6'; figure++ {
			out = append(out, string(letter)+string(figure))
		}
	}
	return out
}

// Move is what to do next with a customer in a cell.
type Move struct {
	Key  string // of the sentence move.KEY
	Aims string // the cell or cells aimed at; "hold" to stay, "" for none
}

// NextMove returns the next move of a cell (the table of domain.md §2), and
// whether the cell has one.
func NextMove(position string) (Move, bool) {
	m, ok := moves[position]
	return m, ok
}

var moves = map[string]Move{
	"A1": {"ties", "hold"},
	"A2": {"cross_sell", "A1"},
	"A3": {"measured", "hold"},
	"A4": {"first_order", "A3"},
	"A5": {"keep_tie", "hold"},
	"A6": {"turn", "A5"},
	"B1": {"stand_out", "A1"},
	"B2": {"stand_out", "A2"},
	"B3": {"stand_out", "A3"},
	"B4": {"reach_people", "B3"},
	"B5": {"watch", "B4"},
	"B6": {"let_end", ""},
	"C1": {"build", "B2, B1"},
	"C2": {"build", "B2"},
	"C3": {"judge", "B2"},
	"C4": {"hardly", "B4"},
	"C5": {"spend_nothing", "B5"},
	"C6": {"let_end", ""},
}
