package sheet

import "testing"

// TestStyles: a number is what its format says, without the noise of its binary form.
func TestStyles(t *testing.T) {
	for _, c := range []struct {
		format string
		n      float64
		from04 bool
		want   string
	}{
		{"yyyy-mm-dd", 45462, false, "2024-06-19"}, {"yyyy-mm-dd", 44000, true, "2024-06-19"},
		{"dd/mm/yy hh:mm", 45462.5, false, "2024-06-19 12:00:00"}, {"[$-409]d. mmm yyyy", 45462, false, "2024-06-19"},
		{"hh:mm", 0.5, false, "12:00"}, {"m/d/yy", 31462, false, "1986-02-19"},
		{"0%", 1, false, "100"}, {"0.0%", 0.575, false, "57.5"}, {"00000", 42, false, "00042"}, {"0", 42, false, "42"},
		{"General", 19.989999999999998, false, "19.99"}, {"#,##0.00", 0.30000000000000004, false, "0.3"}, {"General", 1.2e5, false, "120000"},
		{"General", 4.93012345678e11, false, "493012345678"}, {`"day" 0`, 3, false, "3"}, {"@", 5, false, "5"}, {"yyyy", -5, false, "-5"},
	} {
		if got := styleOf(c.format).show(c.n, c.from04); got != c.want {
			t.Errorf("%v as %s: %q, want %q", c.n, c.format, got, c.want)
		}
	}
}
