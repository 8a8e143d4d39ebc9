package process

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A Process is a server that runs. Its methods are for one goroutine.
type Process struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	addr string
}

// Start starts a server and returns when it can be reached. It is killed when
// the context ends.
func Start(ctx context.Context, name string) (*Process, error) {
	s, err := find(name)
	if err != nil {
		return nil, err
	}
	cmd, err := s.command(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p, err := start(cmd)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

func start(cmd *exec.Cmd) (*Process, error) {
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Process{cmd: cmd, in: in, out: bufio.NewReader(out)}
	line, err := p.line()
	if err != nil {
		_ = p.Stop()
		return nil, fmt.Errorf("not listening: %w", err)
	}
	addr, ok := strings.CutPrefix(line, "listening ")
	if !ok {
		_ = p.Stop()
		return nil, fmt.Errorf("said %q instead of where it listens", line)
	}
	p.addr = addr
	return p, nil
}

// Addr returns the address at which the server listens.
func (p *Process) Addr() string { return p.addr }

// PID returns the id of the server's process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Settle has the server collect its garbage and give memory back.
func (p *Process) Settle() error {
	if _, err := io.WriteString(p.in, "settle\n"); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	line, err := p.line()
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	if line != "settled" {
		return fmt.Errorf("settle: answered %q", line)
	}
	return nil
}

func (p *Process) line() (string, error) {
	line, err := p.out.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

// patience is how long a server may take to end.
const patience = 3 * time.Second

// Stop ends the server: it closes its standard input, and kills it if that
// does not help. An error tells how it ended, if not well.
func (p *Process) Stop() error {
	_ = p.in.Close()
	kill := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer kill.Stop()
	return p.cmd.Wait()
}
