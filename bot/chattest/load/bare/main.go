// Command bare is the least that a visit can cost as one would write it: an HTTP handler
// and one insert into SQLite, committed in groups as Fieldbot commits. It takes the verbs
// that load uses, so that what a visit costs can be said as a part of what the machine does.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	_ "modernc.org/sqlite"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(verb string) error {
	if verb == "import" {
		return nil
	}
	pool, err := sql.Open("sqlite", strings.TrimPrefix(os.Getenv("FIELDBOT_DATABASE_URL"), "sqlite:")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	db, err := pool.Conn(context.Background())
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(context.Background(), "CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, person TEXT NOT NULL, said TEXT NOT NULL)"); err != nil {
		return err
	}
	if verb == "export" {
		return export(db)
	}
	queue := make(chan visit, 4096)
	go commit(db, queue)
	http.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/slack/commands", func(w http.ResponseWriter, r *http.Request) {
		v := visit{r.PostFormValue("user_id"), r.PostFormValue("text"), make(chan error, 1)}
		queue <- v
		if err := <-v.kept; err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"text": "✅ " + v.said}) // who is gone is gone
	})
	return http.ListenAndServe(os.Getenv("FIELDBOT_HTTP_LISTEN"), nil)
}

type visit struct {
	person, said string
	kept         chan error
}

// commit inserts all that wait in one transaction, and answers them after it.
func commit(db *sql.Conn, queue chan visit) {
	for first := range queue {
		group := []visit{first}
		for len(queue) > 0 {
			group = append(group, <-queue)
		}
		_, err := db.ExecContext(context.Background(), "BEGIN IMMEDIATE")
		for _, v := range group {
			_, e := db.ExecContext(context.Background(), "INSERT INTO log (person, said) VALUES (?, ?)", v.person, v.said)
			err = errors.Join(err, e)
		}
		_, e := db.ExecContext(context.Background(), "COMMIT")
		for _, v := range group {
			v.kept <- errors.Join(err, e)
		}
	}
}

func export(db *sql.Conn) (err error) {
	rows, err := db.QueryContext(context.Background(), "SELECT said FROM log")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var said string
		if err := rows.Scan(&said); err != nil {
			return err
		}
		_, needs, _ := strings.Cut(said, "needs=")
		fmt.Fprintf(os.Stdout, "%q\n", needs)
	}
	return rows.Err()
}
