package report

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// ticks marks an axis from 0 on at four to ten round numbers.
type ticks struct{}

func (ticks) Ticks(_, high float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10(high)))
	switch n := high / step; {
	case n < 1.6:
		step /= 5
	case n < 4:
		step /= 2
	}
	var marks []plot.Tick
	for i := 0; float64(i)*step <= high; i++ {
		// Multiplied instead of added up, and rounded: 0.3, not 0.30000000000000004.
		v := float64(i) * step
		label := strconv.FormatFloat(v, 'g', 3, 64)
		if v >= 1000 {
			label = thousands(strconv.FormatFloat(v, 'f', 0, 64))
		}
		marks = append(marks, plot.Tick{Value: v, Label: label})
	}
	return marks
}
