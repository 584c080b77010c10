// Command load measures how many visits a second a fieldbot takes: it starts the
// programs that it is given one after the other, round by round, each as a process of
// its own on a new database, posts signed /visit log from 64 senders, believes only
// answers that say "✅" (the room hears that it is done, the person what), and counts
// the rows afterwards. With -doors a visit is two commands, start and done; with -pace they
// come so many a second, and not as fast as they can; with -backup one backup is made after the
// other meanwhile.
//
//	go run ./bot/chattest/load [-visits 4000] [-rounds 3] [-doors] [-pace 200] [-backup] [-db postgres://…] ./old ./new
//
// With -db the database is used by every round: give one program.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fieldbot/bot/chattest"
)

const senders = 64

// load is what is asked of a program.
type load struct {
	visits int
	doors  bool
	pace   int // visits a second; 0 is as fast as it can
	backup bool
}

func main() {
	var l load
	flag.IntVar(&l.visits, "visits", 4000, "how many visits a round logs")
	rounds := flag.Int("rounds", 3, "how often each program runs")
	flag.BoolVar(&l.doors, "doors", false, "visits begin and end at the door, a command each")
	flag.IntVar(&l.pace, "pace", 0, "so many visits a second; as fast as it can if left out")
	flag.BoolVar(&l.backup, "backup", false, "make one backup after the other meanwhile")
	database := flag.String("db", "", "database.url; a new SQLite file a round if left out")
	flag.Parse()
	for range *rounds {
		for _, program := range flag.Args() {
			line, err := measure(program, *database, l)
			if err != nil {
				fmt.Fprintln(os.Stderr, program+":", err)
				os.Exit(1)
			}
			fmt.Fprintln(os.Stdout, line)
		}
	}
}

func measure(program, database string, l load) (line string, err error) {
	program, err = filepath.Abs(program)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "fieldbot-load-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }() // in the temporary folder
	if database == "" {
		database = "sqlite:" + filepath.Join(dir, "load.db")
	}
	// A Slack that takes everything.
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"ok":true,"ts":"1.1","channel":"D1","user_id":"B","team_id":"T"}`) // who is gone is gone
	}))
	defer slack.Close()
	address, err := free()
	if err != nil {
		return "", err
	}
	env := append(os.Environ(), "FIELDBOT_DATABASE_URL="+database, "FIELDBOT_COMPANY_LANGUAGE=en", "FIELDBOT_HTTP_LISTEN="+address, "FIELDBOT_MEDIA_DIR="+filepath.Join(dir, "media"), "FIELDBOT_LOG_LEVEL=error",
		"FIELDBOT_SLACK_MODE=http", "FIELDBOT_SLACK_BOT_TOKEN=xoxb-load", "FIELDBOT_SLACK_SIGNING_SECRET="+chattest.SlackSecret, "FIELDBOT_SLACK_API_URL="+slack.URL+"/")
	run := func(args ...string) (string, error) {
		c := exec.Command(program, args...)
		c.Env, c.Dir = env, dir
		out, err := c.CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, out)
		}
		return string(out), err
	}
	if err := fill(dir, run); err != nil {
		return "", err
	}
	serve := exec.Command(program, "serve")
	serve.Env, serve.Dir, serve.Stderr = env, dir, os.Stderr
	if err := serve.Start(); err != nil {
		return "", err
	}
	defer func() {
		_ = serve.Process.Signal(os.Interrupt) // it may have ended
		_ = serve.Wait()
	}()
	if err := ready(address); err != nil {
		return "", err
	}
	before, err := cpu(serve.Process.Pid)
	if err != nil {
		return "", err
	}
	backups := make(chan int, 1)
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		backups <- backUp(ctx, l.backup, func(n int) error { _, err := run("backup", fmt.Sprintf("%d.db", n)); return err })
	}()
	took, refused, spent := l.post("http://" + address + "/slack/commands")
	stop()
	made := <-backups
	after, err := cpu(serve.Process.Pid)
	if err != nil {
		return "", err
	}
	out, err := run("export", "visits", "--format", "json")
	if err != nil {
		return "", err
	}
	kept := strings.Count(out, `"load `)
	if kept < len(took) {
		return "", fmt.Errorf("%d visits were acknowledged, %d are there", len(took), kept)
	}
	if len(took) == 0 {
		return "", errors.New("no visit was acknowledged")
	}
	slices.Sort(took)
	return fmt.Sprintf("%s: %.0f visits a second, %.0f µs of CPU each, median %v, p95 %v, p99 %v, %d acknowledged, %d kept, %d refused, %d backups", filepath.Base(program), float64(len(took))/spent.Seconds(),
		(after-before).Seconds()*1e6/float64(len(took)), took[len(took)/2].Round(time.Millisecond), took[len(took)*95/100].Round(time.Millisecond), took[len(took)*99/100].Round(time.Millisecond), len(took), kept, refused, made), nil
}

// backUp makes backups until ctx ends, if it is to, and returns how many; the last of them may
// end behind it.
func backUp(ctx context.Context, asked bool, run func(n int) error) (made int) {
	for asked && ctx.Err() == nil {
		if err := run(made); err != nil {
			fmt.Fprintln(os.Stderr, "backup:", err)
			return made
		}
		made++
	}
	return made
}

// cpu is the time that a process has spent on the processors, from /proc (Linux), which
// counts in hundredths of a second.
func cpu(pid int) (time.Duration, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // the name before it may hold anything
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond, errors.Join(err1, err2)
}

func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// storesEach is how many stores a sender visits in turn: the same outcome twice
// within two minutes would be one entry.
const storesEach = 20

// fill imports the senders and their stores.
func fill(dir string, run func(args ...string) (string, error)) error {
	people, stores := "handle,name,roles,language,timezone,slack\n", "code,name,account_code,rep,store_class\n"
	for i := range senders {
		people += fmt.Sprintf("rep%d,Rep %d,rep,en,Europe/Berlin,U%d\n", i, i, i)
		for n := range storesEach {
			stores += fmt.Sprintf("S%d-%d,Store %d of %d,A,rep%d,B\n", i, n, n, i, i)
		}
	}
	for _, f := range [][2]string{{"people", people}, {"accounts", "code,name\nA,Load\n"}, {"stores", stores}} {
		path := filepath.Join(dir, f[0]+".csv")
		if err := os.WriteFile(path, []byte(f[1]), 0o600); err != nil {
			return err
		}
		if _, err := run("import", f[0], path); err != nil {
			return err
		}
	}
	return nil
}

func ready(address string) error {
	for range 2000 {
		if response, err := http.Get("http://" + address + "/readyz"); err == nil {
			_ = response.Body.Close() // only the status counts
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		<-time.After(5 * time.Millisecond)
	}
	return errors.New("the daemon is not ready")
}

// post logs visits from all senders at once, and returns how long each
// acknowledged one took.
func (l load) post(to string) (took []time.Duration, refused int64, spent time.Duration) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	var mu sync.Mutex
	var all sync.WaitGroup
	var bad atomic.Int64
	start := time.Now()
	for i := range senders {
		all.Go(func() {
			for n := range l.visits / senders {
				if l.pace > 0 {
					<-time.After(time.Until(start.Add(time.Duration(n*senders+i) * time.Second / time.Duration(l.pace))))
				}
				store := fmt.Sprintf("S%d-%d", i, n%storesEach)
				what := fmt.Sprintf("load %d of %d", n, start.Unix()) // a round's own: twice the same is one entry
				lines := []string{fmt.Sprintf("log %s needs=%s", store, what)}
				if l.doors {
					lines = []string{"start " + store, "done needs=" + what}
				}
				began, well := time.Now(), true
				for k, line := range lines {
					well = well && taken(client, to, i, line, fmt.Sprintf("t%d.%d.%d.%d", start.Unix(), i, n, k))
				}
				if !well {
					bad.Add(1)
					continue
				}
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return took, bad.Load(), time.Since(start)
}

// taken says /visit and what follows, and reports whether the answer is that it is done.
func taken(client *http.Client, to string, sender int, line, trigger string) bool {
	body := url.Values{"command": {"/visit"}, "text": {line}, "user_id": {"U" + strconv.Itoa(sender)}, "channel_id": {"C1"}, "trigger_id": {trigger}}.Encode()
	request, err := http.NewRequest(http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		return false
	}
	request.Header = chattest.Sign(chattest.SlackSecret, time.Now(), body)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }() // read to its end
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(response.Body); err != nil {
		return false
	}
	var said struct{ Text string }
	return response.StatusCode == http.StatusOK && json.Unmarshal(answer.Bytes(), &said) == nil && strings.HasPrefix(said.Text, "✅")
}
