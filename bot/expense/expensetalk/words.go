package expensetalk

import "embed"

//go:embed words
var words embed.FS
