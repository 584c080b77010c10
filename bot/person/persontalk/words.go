package persontalk

import "embed"

//go:embed words sentences
var words embed.FS
