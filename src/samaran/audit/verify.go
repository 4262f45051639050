// Checks a samaran audit bundle with golang.org/x/mod/sumdb only: signature, whole tree, inclusion proofs, growth.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go FOLDER
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tree struct {
	origin string
	size   int64
	root   tlog.Hash
}

type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("hash %d is not there", index)
		}
		out[i] = s[index]
	}
	return out, nil
}

func main() {
	folder := "."
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(folder, "log.vkey"))))
	must("log.vkey", err)
	newest := open("checkpoint", read(folder, "log", "checkpoint"), verifier)
	say("signature of the checkpoint over %d entries", newest.size)

	var entries [][]byte
	var hashes store
	for int64(len(entries)) < newest.size {
		entries = append(entries, bundle(folder, int64(len(entries)), newest.size)...)
	}
	for i, entry := range entries {
		more, err := tlog.StoredHashes(int64(i), entry, hashes)
		must("tree", err)
		hashes = append(hashes, more...)
	}
	root, err := tlog.TreeHash(newest.size, hashes)
	must("tree", err)
	if root != newest.root {
		fail("the entries don't give the signed root")
	}
	say("%d entries give the signed root", len(entries))

	proofs, _ := filepath.Glob(filepath.Join(folder, "proofs", "*.tlog-proof"))
	for _, path := range proofs {
		index, proof, data := parseProof(string(read(path)))
		under := open(path, []byte(data), verifier)
		if index >= int64(len(entries)) {
			fail("%s: no such entry", filepath.Base(path))
		}
		must(path, tlog.CheckRecord(proof, under.size, under.root, index, tlog.RecordHash(entries[index])))
		say("entry %d is in the log of %d entries", index, under.size)
	}

	if _, err := os.Stat(filepath.Join(folder, "checkpoint.previous")); err == nil {
		kept := open("checkpoint.previous", read(folder, "checkpoint.previous"), verifier)
		steps := hashLines(string(read(folder, "consistency.proof")))
		if kept.size > 0 {
			must("consistency.proof", tlog.CheckTree(steps, newest.size, newest.root, kept.size, kept.root))
		}
		say("the log grew from %d to %d entries and nothing before was changed", kept.size, newest.size)
	}
	fmt.Printf("OK: %d entries, %s\n", newest.size, newest.root)
}

func open(name string, data []byte, verifier note.Verifier) tree {
	opened, err := note.Open(data, note.VerifierList(verifier))
	must(name, err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("%s: not a checkpoint of this log", name)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(name, err)
	return tree{lines[0], size, parseHash(lines[2])}
}

func bundle(folder string, first, size int64) [][]byte {
	n, width := first/256, size-first
	digits := fmt.Sprintf("%03d", n%1000)
	for rest := n / 1000; rest > 0; rest /= 1000 {
		digits = fmt.Sprintf("x%03d/%s", rest%1000, digits)
	}
	if width < 256 {
		digits += ".p/" + strconv.FormatInt(width, 10)
	} else {
		width = 256
	}
	data := read(folder, "log", "tile", "entries", filepath.FromSlash(digits))
	var found [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			fail("tile/entries/%s is cut short", digits)
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		found, data = append(found, data[2:end]), data[end:]
	}
	if int64(len(found)) != width {
		fail("tile/entries/%s has %d entries instead of %d", digits, len(found), width)
	}
	return found
}

func parseProof(text string) (int64, tlog.RecordProof, string) {
	parts := strings.SplitN(text, "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	if len(parts) != 2 || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("not a proof file")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	must("proof", err)
	return index, tlog.RecordProof(hashLines(strings.Join(lines[2:], "\n"))), parts[1]
}

func hashLines(text string) []tlog.Hash {
	var found []tlog.Hash
	for _, line := range strings.Fields(text) {
		found = append(found, parseHash(line))
	}
	return found
}

func parseHash(text string) (hash tlog.Hash) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(data) != len(hash) {
		fail("not a hash")
	}
	copy(hash[:], data)
	return hash
}

func read(parts ...string) []byte {
	data, err := os.ReadFile(filepath.Join(parts...))
	must("reading", err)
	return data
}

func must(what string, err error) {
	if err != nil {
		fail("%s: %v", filepath.Base(what), err)
	}
}

func say(format string, values ...interface{}) { fmt.Printf("ok: "+format+"\n", values...) }

func fail(format string, values ...interface{}) {
	fmt.Printf("FAILED: "+format+"\n", values...)
	os.Exit(1)
}
