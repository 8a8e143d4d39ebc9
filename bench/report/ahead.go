package report

import (
	"fmt"

	"github.com/gosio/sio/bench/result"
)

// noise is the ratio under which two figures do not differ.
const noise = 1.2

// ahead has a sentence for each scenario and peer that costs less than ours.
func (v *view) ahead() []string {
	var sentences []string
	compared := false
	for _, s := range v.Scenarios {
		for _, server := range v.Servers {
			if server.Kind != result.Peer {
				continue
			}
			ours, theirs := v.our(s), v.cell(s, server.Name)
			b, ok := theirs.median(cost)
			if ours == nil || !ok {
				continue
			}
			compared = true
			a, ok := ours.median(cost)
			r := a / b
			switch {
			case !ok:
				sentences = append(sentences, fmt.Sprintf("%s: ours failed, %s did not.", s.Title, server.Title))
			case r >= noise:
				sentences = append(sentences, fmt.Sprintf("%s: ours takes %.2f times what %s takes (%s against %s %s).",
					s.Title, r, server.Title, number(a), number(b), unit(s)))
			case r > 1:
				sentences = append(sentences, fmt.Sprintf("%s: no difference to %s (%s against %s %s).",
					s.Title, server.Title, number(a), number(b), unit(s)))
			}
		}
	}
	switch {
	case !compared:
		return []string{"Nothing was compared with a peer."}
	case sentences == nil:
		return []string{"In no scenario does a peer take less than ours."}
	}
	return sentences
}
