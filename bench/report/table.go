package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A table is made into text for a terminal or for Markdown.
type table struct {
	head []string
	text int // so many columns, the first ones, are text; the rest are figures
	rows [][]string
}

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

// plain returns the table with aligned columns.
func (t *table) plain() string {
	width := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	line := func(row []string) {
		var l strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i < t.text {
				l.WriteString(cell + pad + "  ")
			} else {
				l.WriteString(pad + cell + "  ")
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	line(t.head)
	rule := make([]string, len(t.head))
	for i := range rule {
		rule[i] = strings.Repeat("-", width[i])
	}
	line(rule)
	for _, row := range t.rows {
		line(row)
	}
	return b.String()
}

// markdown returns the table as GitHub's Markdown has it.
func (t *table) markdown() string {
	var b strings.Builder
	line := func(row []string) {
		for _, cell := range row {
			b.WriteString("| " + strings.ReplaceAll(cell, "|", `\|`) + " ")
		}
		b.WriteString("|\n")
	}
	line(t.head)
	for i := range t.head {
		if i < t.text {
			b.WriteString("|---")
		} else {
			b.WriteString("|---:")
		}
	}
	b.WriteString("|\n")
	for _, row := range t.rows {
		line(row)
	}
	return b.String()
}

// list returns sentences as a list, of a terminal as of Markdown.
func list(sentences []string) string {
	var b strings.Builder
	for _, s := range sentences {
		b.WriteString("- " + s + "\n")
	}
	return b.String()
}

// number shows three digits, or all of those before the point.
func number(v float64) string {
	switch {
	case v < 9.995:
		return fmt.Sprintf("%.2f", v)
	case v < 99.95:
		return fmt.Sprintf("%.1f", v)
	}
	return thousands(fmt.Sprintf("%.0f", v))
}

func thousands(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
