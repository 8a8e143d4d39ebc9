package report

import (
	"fmt"
	"strings"
)

// replace puts content between the two markers of a name.
func replace(text, name, content string) (string, error) {
	begin, end := "<!-- bench:"+name+" -->", "<!-- /bench:"+name+" -->"
	if strings.Count(text, begin) != 1 || strings.Count(text, end) != 1 {
		return "", fmt.Errorf("%s and %s are not there once each", begin, end)
	}
	before, rest, _ := strings.Cut(text, begin)
	_, after, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("%s stands before %s", end, begin)
	}
	// Markdown after a comment begins with an empty line.
	return before + begin + "\n\n" + strings.Trim(content, "\n") + "\n\n" + end + after, nil
}
