package chattest_test

import (
	"encoding/json"
	"flag"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fieldbot/bot/chattest"
	"fieldbot/bot/files"
	"fieldbot/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var update = flag.Bool("update", false, "write the golden files anew")

// rows are what a dialogue left, of every kind that files carry, but for what must
// differ: what is the house's own, and the handles of people.
func rows(t *testing.T, w *chattest.World) []map[string]any {
	t.Helper()
	storetest.Trail(t, w.DB)
	var out []map[string]any
	kinds := slices.DeleteFunc(files.Kinds(), func(kind string) bool {
		return slices.Contains([]string{"people", "outbox", "audit_trail", "statements"}, kind)
	})
	for _, line := range strings.Split(strings.TrimSpace(w.Export(kinds...)), "\n") {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		delete(m, "id")
		delete(m, "ref")
		if photos, ok := m["photos"].([]any); ok {
			m["photos"] = len(photos) // each platform calls them its own way
		}
		delete(m, "from_visit")
		delete(m, "source")
		out = append(out, m)
	}
	return out
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (run with -update if it should):\n%s", path, diff)
	}
}

func paper(said []chattest.Message) string {
	var b strings.Builder
	for _, m := range said {
		b.WriteString(m.Text + "\n")
		for _, x := range m.Buttons {
			b.WriteString("[" + x.Label + "] ")
		}
		b.WriteString("\n---\n")
	}
	return b.String()
}

// TestTranscripts plays each dialogue on every surface and both engines: the
// rows must be equal but for id and source.
func TestTranscripts(t *testing.T) {
	t.Parallel() // they mostly wait: the fakes keep the platforms' speed limits
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for n, file := range files {
		tr := chattest.Load(t, file)
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			left := map[string][]map[string]any{}
			t.Run("on", func(t *testing.T) {
				for i, engine := range storetest.Engines {
					for j, surface := range chattest.Surfaces {
						if all := len(storetest.Engines) * len(chattest.Surfaces); testing.Short() && i*len(chattest.Surfaces)+j != n%all {
							continue // the race detector sees each dialogue once: over all of them, every surface on both engines
						}
						t.Run(engine+" "+surface, func(t *testing.T) {
							t.Parallel()
							w, s := chattest.On(t, surface, tr.As, chattest.Options{Engine: engine})
							said := tr.Run(w, s)
							// People read the same on every surface.
							if !*update || engine == "sqlite" && surface == "terminal" {
								golden(t, name+".txt", paper(said))
							}
							mu.Lock()
							left[engine+" "+surface] = rows(t, w)
							mu.Unlock()
						})
					}
				}
			})
			played := slices.Sorted(maps.Keys(left))
			for _, on := range played {
				if diff := cmp.Diff(left[played[0]], left[on]); diff != "" {
					t.Errorf("the rows of %s and %s differ:\n%s", played[0], on, diff)
				}
			}
		})
	}
}

func read(t *testing.T, r *http.Response) string {
	t.Helper()
	defer func() { _ = r.Body.Close() }()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
