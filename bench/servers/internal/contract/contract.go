// Package contract is what all Go servers of the bench share: where they
// listen, and what they answer on their standard input.
package contract

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"os"
	"runtime/debug"
	"runtime/pprof"
)

// Listen listens on the address that the environment variable ADDR names, or
// on a free port of the loopback.
func Listen() (net.Listener, error) {
	addr := os.Getenv("ADDR")
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	return net.Listen("tcp", addr)
}

// Ready tells the bench that the server can be reached.
func Ready(l net.Listener) { fmt.Println("listening", l.Addr()) }

// Serve answers commands until standard input ends, and then ends the program.
// If the environment variable CPUPROFILE names a file, it gets the profile of
// that time.
func Serve() {
	if path := os.Getenv("CPUPROFILE"); path != "" {
		f, err := os.Create(path)
		if err != nil {
			log.Fatal(err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			log.Fatal(err)
		}
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if lines.Text() == "settle" {
			debug.FreeOSMemory()
			debug.FreeOSMemory() // what finalizers and pools held after the first
			fmt.Println("settled")
		}
	}
	pprof.StopCPUProfile()
	os.Exit(0)
}
