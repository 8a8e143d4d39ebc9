package board

// Side is how long the sides of the board are, in units of its own: each page shows all
// of it, as large as it can.
const Side = 1000

const (
	MaxPiece  = 1000   // points of a Line
	maxPoints = 50_000 // points that a Sheet keeps
)

// Palette has the colours of lines, and of cursors.
var Palette = []string{"#1f2333", "#e5484d", "#f2820d", "#e8b400", "#30a46c", "#0a9fc2", "#4f5bd5", "#c13cb4"}

// Widths are those of lines, in units of the board.
var Widths = []int{4, 10, 22}

// Line is a piece of a line.
type Line struct {
	Color  int   `json:"color"`  // of Palette
	Width  int   `json:"width"`  // of Widths
	Points []int `json:"points"` // x and y in turns
}

// Valid reports whether a line can be drawn: pages send what they like.
func (l Line) Valid() bool {
	if l.Color < 0 || l.Color >= len(Palette) || l.Width < 0 || l.Width >= len(Widths) ||
		len(l.Points) == 0 || len(l.Points)%2 != 0 || len(l.Points) > 2*MaxPiece {
		return false
	}
	for _, at := range l.Points {
		if at < 0 || at > Side {
			return false
		}
	}
	return true
}

// Sheet is what is drawn. It forgets the oldest lines when it has too many.
type Sheet struct {
	Lines  []Line
	points int
}

// NewSheet returns one with lines.
func NewSheet(lines []Line) *Sheet {
	s := &Sheet{}
	for _, l := range lines {
		s.Add(l)
	}
	return s
}

// Add adds a line.
func (s *Sheet) Add(l Line) {
	s.Lines = append(s.Lines, l)
	for s.points += len(l.Points) / 2; s.points > maxPoints; s.Lines = s.Lines[1:] {
		s.points -= len(s.Lines[0].Points) / 2
	}
}
