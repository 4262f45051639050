// Checks an audit log with Go's own libraries: the checkpoint is signed by log.vkey, and its root is that of all entries.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println("BAD:", err)
		os.Exit(1)
	}
}

func main() {
	key, err := os.ReadFile("log.vkey")
	must(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	must(err)
	signed, err := os.ReadFile("log/checkpoint")
	must(err)
	head, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	var origin, root string
	var size int64
	_, err = fmt.Sscanf(head.Text, "%s\n%d\n%s", &origin, &size, &root)
	must(err)
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(at []int64) (out []tlog.Hash, err error) {
		for _, i := range at {
			out = append(out, stored[i])
		}
		return
	})
	for n := int64(0); n < size; {
		path := tlog.Tile{H: 8, L: -1, N: n / 256, W: int(min(256, size-n/256*256))}.Path()
		data, err := os.ReadFile("log/" + strings.Replace(path, "tile/8/data", "tile/entries", 1))
		must(err)
		for ; len(data) > 1 && n < size; n++ {
			end := 2 + int(binary.BigEndian.Uint16(data))
			hashes, err := tlog.StoredHashes(n, data[2:end], read)
			must(err)
			stored, data = append(stored, hashes...), data[end:]
		}
	}
	tree, err := tlog.TreeHash(size, read)
	must(err)
	if origin != verifier.Name() || tree.String() != root {
		must(fmt.Errorf("the root of %d entries is %s", size, tree))
	}
	fmt.Printf("OK: %d entries, %s\n", size, root)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
