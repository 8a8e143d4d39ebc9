package e2e_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gosio/sio/e2e/tools"
)

// script is a program in js/ that runs until the test ends, and is talked to by lines.
type script struct {
	in  io.Writer
	out *bufio.Reader
}

// startScript starts a program, whose argument is JSON.
func startScript(t *testing.T, name string, parameters any) *script {
	t.Helper()
	argument, err := json.Marshal(parameters)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tools.NeedNode(t, "js"), name, string(argument))
	cmd.Dir, cmd.Stderr = "js", os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return &script{in: in, out: bufio.NewReader(out)}
}

func (s *script) say(line string) error {
	_, err := io.WriteString(s.in, line+"\n")
	return err
}

// line returns the next line that it writes.
func (s *script) line() (string, error) {
	line, err := s.out.ReadString('\n')
	return strings.TrimSpace(line), err
}
