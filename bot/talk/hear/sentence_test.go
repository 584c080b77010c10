package hear_test

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"fieldbot/bot/talk/chat"
	"fieldbot/bot/talk/hear"
)

// TestExamples: every example that stands beside a sentence is heard as it says, before
// anything else.
func TestExamples(t *testing.T) {
	for _, s := range ear.Sentences() {
		if len(s.Tests) == 0 {
			t.Errorf("%s.%s has no example", s.Name, s.Language)
		}
		for _, x := range s.Tests {
			i := ear.Hear(chat.Update{Kind: chat.Text, Text: x.Say})
			if len(i.Guesses) == 0 {
				t.Errorf("%q is not heard (command %q)", x.Say, i.Name)
				continue
			}
			at := slices.IndexFunc(i.Guesses, func(g hear.Guess) bool { return g.Sentence == s })
			if at < 0 {
				t.Errorf("%q is heard as %s, not as %s", x.Say, i.Guesses[0].Sentence.Name, s.Name)
				continue
			}
			g := i.Guesses[at]
			if got := "/" + g.Family.Name + " " + g.Words(); trimmed(got) != trimmed(x.Means) {
				t.Errorf("%q is heard as %q, not %q", x.Say, got, x.Means)
			}
			// What comes before it, or says as much, names something, which sight decides.
			for k, other := range i.Guesses {
				if other.Sentence != s && other.Letters >= g.Letters && (len(other.Names()) == 0 || k > at && len(other.Names()) == len(g.Names())) {
					t.Errorf("%q is heard as %s and as %s", x.Say, s.Name, other.Sentence.Name)
				}
			}
		}
	}
}

var drawn = flag.Int("drawn", 60, "how many sayings of each sentence are drawn")

// TestSamples: whatever is said by a template of a sentence is heard as that sentence, and
// as no other that says as much.
func TestSamples(t *testing.T) {
	dice, draw := rand.New(rand.NewPCG(1, 2)), *drawn
	if testing.Short() {
		draw = min(draw, 5)
	}
	for _, s := range ear.Sentences() {
		missed := 0
		for range draw {
			said := s.Sample(dice)
			i := ear.Hear(chat.Update{Kind: chat.Text, Text: said})
			i.Guesses = slices.DeleteFunc(i.Guesses, func(g hear.Guess) bool { return !g.InSight() })
			switch {
			case missed > 2:
			case len(i.Guesses) == 0 && s.IsVerb(i.Said): // its name alone, such as 待办
			case len(i.Guesses) == 0:
				missed++
				t.Errorf("%s.%s: %q is not heard (command %q)", s.Name, s.Language, said, i.Name)
			case i.Guesses[0].Sentence != s:
				missed++
				t.Errorf("%s.%s: %q is heard as %s", s.Name, s.Language, said, i.Guesses[0].Sentence.Name)
			case len(i.Guesses) > 1 && i.Guesses[1].Letters == i.Guesses[0].Letters && len(i.Guesses[1].Names()) == len(i.Guesses[0].Names()):
				missed++
				t.Errorf("%s.%s: %q is heard as %s, too", s.Name, s.Language, said, i.Guesses[1].Sentence.Name)
			}
		}
	}
}

// trimmed leaves out the verb that a family means by itself.
func trimmed(command string) string {
	family, rest := chat.FirstWord(command)
	said, err := ear.Understand(family[1:], rest)
	if err != nil {
		return command
	}
	return said.Family.Name + "|" + said.Verb.Name + "|" + said.Args.Object + said.Args.Words()
}

// BenchmarkHear hears messages of all kinds, of which most are no sentence of ours.
func BenchmarkHear(b *testing.B) {
	var said []string
	dice := rand.New(rand.NewPCG(1, 2))
	for _, s := range ear.Sentences() {
		said = append(said, s.Sample(dice), s.Tests[0].Say+"不一样", "nobody says "+s.Tests[0].Say)
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		ear.Hear(chat.Update{Kind: chat.Text, Text: said[i%len(said)]})
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.HeapAlloc)/(1<<20), "MB")
}
