// Command cluster runs a command with one throw-away PostgreSQL cluster for all the
// packages that it tests, where a server is installed.
//
//	go run ./store/storetest/cluster go test ./...
package main

import (
	"errors"
	"os"
	"os/exec"

	"fieldbot/store/storetest"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	command := exec.Command(args[0], args[1:]...)
	command.Stdin, command.Stdout, command.Stderr, command.Env = os.Stdin, os.Stdout, os.Stderr, os.Environ()
	if dir, stop, err := storetest.Share(); err == nil { // else the tests say what is missing
		defer stop()
		command.Env = append(command.Env, storetest.ClusterDir+"="+dir)
	}
	err := command.Run()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return failed.ExitCode()
	}
	if err != nil {
		panic(err) // there is no such command
	}
	return 0
}
