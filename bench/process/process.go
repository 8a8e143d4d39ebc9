package process

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// A Process is a program that runs. Its methods are for one goroutine.
type Process struct {
	cmd  *exec.Cmd
	said *said
	in   io.WriteCloser
	out  *bufio.Reader
	addr string
}

// start starts a program, and returns the first line that it says.
func start(name string, cmd *exec.Cmd) (*Process, string, error) {
	p := &Process{cmd: cmd, said: &said{name: name}}
	cmd.Stderr, cmd.WaitDelay = p.said, patience
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, "", err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	p.in, p.out = in, bufio.NewReader(out)
	line, err := p.line()
	if err != nil {
		if ended := p.Stop(); ended != nil {
			err = ended
		}
		return nil, "", fmt.Errorf("nothing was heard of it: %w", err)
	}
	return p, line, nil
}

// Addr returns the address at which the server listens.
func (p *Process) Addr() string { return p.addr }

// PID returns the id of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Settle has the program collect its garbage and give memory back.
func (p *Process) Settle() error {
	answer, err := p.Ask("settle")
	if err == nil && answer != "settled" {
		err = fmt.Errorf("settle: answered %q", answer)
	}
	return err
}

// Ask has the program answer a command.
func (p *Process) Ask(command string) (answer string, err error) {
	if _, err = io.WriteString(p.in, command+"\n"); err == nil {
		answer, err = p.line()
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", command, err)
	}
	return answer, nil
}

func (p *Process) line() (string, error) {
	line, err := p.out.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

// patience is how long a program may take to end.
const patience = 3 * time.Second

// Stop ends the program: it closes its standard input, and kills it if that
// does not help. An error tells how it ended, if not well, and what it said.
func (p *Process) Stop() error {
	_ = p.in.Close()
	kill := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer kill.Stop()
	err := p.cmd.Wait()
	if line := p.said.first(); err != nil && line != "" {
		err = fmt.Errorf("%w: %s", err, line)
	}
	return err
}
