package report

import (
	"strings"

	"github.com/gosio/sio/bench/result"
)

// The run of clients, from the root of the repository. A server of such a run is a client.
const clientsFile = folder + "/clients.json"

const clientsHead = "Client CPU per operation, or memory per idle connection; medians; ÷ is ours by theirs"

// ClientsTerminal returns the report of a run of clients as text.
func ClientsTerminal(run result.Run) string {
	v := look(run)
	return strings.Join([]string{
		v.conditions(),
		v.serverTable("client").plain(),
		clientsHead + "\n\n" + v.costTable(v.others()).plain(),
		v.notes(),
		"Goals\n\n" + v.goalsTable().plain(),
		list(v.ahead()),
	}, "\n")
}

// CheckClients reports whether WriteClients will find what it needs, before a long run.
func CheckClients(root string) error {
	_, err := clientDocuments(root, result.Run{})
	return err
}

// WriteClients brings the document up to date, and saves the run.
func WriteClients(root string, run result.Run) error {
	if err := save(root, clientsFile, run); err != nil {
		return err
	}
	files, err := clientDocuments(root, run)
	if err != nil {
		return err
	}
	return write(root, files)
}

func clientDocuments(root string, run result.Run) (map[string][]byte, error) {
	v := look(run)
	return fill(root, []part{{performanceFile, "clients", strings.Join([]string{
		v.conditions(),
		v.serverTable("client").markdown(),
		v.costTable(v.others()).markdown(),
		v.notes() + list(v.ahead()),
		v.goalsTable().markdown(),
	}, "\n")}})
}

// others are all but ours.
func (v *view) others() []result.Server {
	var others []result.Server
	for _, s := range v.Servers {
		if s.Kind != result.Ours {
			others = append(others, s)
		}
	}
	return others
}
