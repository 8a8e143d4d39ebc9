package e2e_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// build builds one of the example programs, and returns its path.
func build(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("go", "build", "-o", path, "./"+name)
	cmd.Dir = filepath.Join("..", "examples")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// program is an example program that runs.
type program struct {
	URL  string
	Port string
	cmd  *exec.Cmd
	done chan struct{} // closed when all of its output has been read
}

var announced = regexp.MustCompile(`open (http://localhost:(\d+))`)

// start runs a program, from a folder that is not its own, until the test ends.
func start(t *testing.T, path, addr string, flags ...string) *program {
	t.Helper()
	cmd := exec.Command(path, append([]string{"-addr", addr}, flags...)...)
	cmd.Dir = t.TempDir()
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &program{cmd: cmd, done: make(chan struct{})}
	t.Cleanup(p.kill)
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	found := announced.FindStringSubmatch(line)
	if err != nil || found == nil {
		t.Fatalf("the program did not say where it is: %q, %v", line, err)
	}
	p.URL, p.Port = found[1], found[2]
	go func() {
		defer close(p.done)
		_, _ = io.Copy(os.Stderr, lines)
	}()
	return p
}

// interrupt ends the program as Control-C does, and returns its error.
func (p *program) interrupt(t *testing.T) error {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(patience):
		t.Fatal("the program does not end")
	}
	return p.cmd.Wait()
}

func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}
