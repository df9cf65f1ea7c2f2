// A transparency log by Tessera with POSIX storage, to be measured beside BROP. Takes many entries a request, each of 134
// bytes, and answers when all of them are stored and have their place. Prints its port; ends with its standard input.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

const entryBytes = 134

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	key, _, err := note.GenerateKey(rand.Reader, "bench")
	check(err)
	signer, err := note.NewSigner(key)
	check(err)
	driver, err := posix.New(ctx, posix.Config{Path: os.Args[1]})
	check(err)
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(8192, 50*time.Millisecond).
		WithPushback(1 << 20).
		WithCheckpointInterval(time.Second)
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, options)
	check(err)
	http.HandleFunc("/add", func(answer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil || len(body)%entryBytes != 0 {
			http.Error(answer, "entries of 134 bytes are wanted", http.StatusBadRequest)
			return
		}
		futures := make([]tessera.IndexFuture, 0, len(body)/entryBytes)
		for at := 0; at < len(body); at += entryBytes {
			futures = append(futures, appender.Add(request.Context(), tessera.NewEntry(body[at:at+entryBytes])))
		}
		for _, future := range futures {
			if _, err := future(); err != nil {
				http.Error(answer, err.Error(), http.StatusServiceUnavailable)
				return
			}
		}
		fmt.Fprintln(answer, len(futures))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() { check(http.Serve(listener, nil)) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = shutdown(ctx)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
