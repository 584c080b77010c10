// Package migrations are the steps of the schema, which both engines share.
package migrations

import "embed"

// Files are the steps, by number.
//
//go:embed *.sql
var Files embed.FS
