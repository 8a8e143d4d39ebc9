// Command table shows the behaviours of the Go client in the world that its argument says,
// a JSON object. It runs in pages, see runWasm.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"time"

	"github.com/gosio/sio/e2e/behaviours"
	"github.com/gosio/sio/parsers/msgpack"
)

// arguments are those of the program.
type arguments struct {
	behaviours.World
	Version2 bool   // World.Config.Version2
	Control  string // the test's own server, which restarts the other one
	Only     string // a pattern for names
}

func main() {
	var args arguments
	if err := json.Unmarshal([]byte(os.Args[1]), &args); err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	w := args.World
	w.Config.Version2 = args.Version2
	if w.Packed {
		w.Config.Codec = msgpack.Codec()
	}
	w.Restart = func() error { return restart(args.Control) }
	shown, failed := 0, 0
	only := regexp.MustCompile(args.Only)
	for _, b := range behaviours.All(&w) {
		if !only.MatchString(b.Name) {
			continue
		}
		shown++
		begin := time.Now()
		failures := b.Try(w)
		if len(failures) > 0 {
			failed++
		}
		fmt.Printf("%5d ms  %s\n", time.Since(begin).Milliseconds(), b.Name)
		for _, failure := range failures {
			fmt.Println("FAILED:", failure)
		}
	}
	fmt.Printf("%d behaviours, of which %d failed\n", shown, failed)
	if failed > 0 || shown == 0 {
		os.Exit(1)
	}
}

func restart(control string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, control+"/restart", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(string(text))
	}
	return err
}
