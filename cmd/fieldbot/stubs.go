package main

import (
	"fieldbot/bot/config"
	"fieldbot/store"
)

type serveVerb struct{}
type importVerb struct{}
type exportVerb struct{}
type remindVerb struct{}
type migrateVerb struct{}
type checkVerb struct{}
type manifestVerb struct{}
type userVerb struct{}
type versionVerb struct{}

func serve(e *env, db *store.DB, c *config.Config) error { return nil }
