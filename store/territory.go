package store

import "strings"

// AddTerritory keeps a territory path a/b/c under each of its ancestors, so
// that a subtree is a plain indexed look-up on both engines.
func AddTerritory(tx *Tx, path string) error {
	for ancestor := path; ancestor != ""; {
		n, err := tx.Exec(`INSERT INTO territory_tree (ancestor, path) VALUES ($1, $2) ON CONFLICT DO NOTHING`, ancestor, path)
		if err != nil {
			return err
		}
		if n == 0 && ancestor == path {
			return nil // known already, with its ancestors
		}
		ancestor, _, _ = cutLast(ancestor)
	}
	return nil
}

func cutLast(path string) (before, after string, found bool) {
	i := strings.LastIndex(path, "/")
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

// CleanTerritory is a path without empty parts and spaces around them.
func CleanTerritory(path string) string {
	var parts []string
	for _, p := range strings.Split(path, "/") {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}
