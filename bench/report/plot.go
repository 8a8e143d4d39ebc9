package report

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A picture is a plot of some points, one line for each server.
type picture struct {
	plot, file, title, x, y string

	lines   []line
	missing []string // servers that other plots show, but not this one
}

type line struct {
	server string
	index  int // among all servers: it has the same colour in every plot
	points plotter.XYs
}

// plots returns those plots that there are points of.
func (v *view) plots() []picture {
	plotted := map[string]bool{}
	for _, p := range v.Points {
		plotted[p.Server] = true
	}
	var pictures []picture
	for _, p := range []picture{
		{plot: "idle", file: "idle.svg", title: "Memory with idle clients", x: "idle clients", y: "RSS, MiB"},
		{plot: "castIdle", file: "cast-idle.svg", title: "Broadcast to a room of 100 among idle clients", x: "idle clients", y: "server CPU per delivery, µs"},
		{plot: "castRooms", file: "cast-rooms.svg", title: "Broadcast to a room of 100 among other rooms", x: "other rooms", y: "server CPU per delivery, µs"},
	} {
		for i, s := range v.Servers {
			if points := v.points(p.plot, s.Name); points != nil {
				p.lines = append(p.lines, line{server: s.Title, index: i, points: points})
			} else if plotted[s.Name] {
				p.missing = append(p.missing, s.Title)
			}
		}
		if p.lines != nil {
			pictures = append(pictures, p)
		}
	}
	return pictures
}

func (v *view) points(plot, server string) plotter.XYs {
	var points plotter.XYs
	for _, p := range v.Points {
		if p.Plot == plot && p.Server == server {
			points = append(points, plotter.XY{X: p.X, Y: p.Y})
		}
	}
	slices.SortStableFunc(points, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
	return points
}

// gallery shows the plots in Markdown.
func (v *view) gallery() string {
	var b strings.Builder
	for _, p := range v.plots() {
		fmt.Fprintf(&b, "![%s](performance/%s)\n\n", p.title, p.file)
		if p.missing != nil {
			fmt.Fprintf(&b, "Without points of: %s.\n\n", strings.Join(p.missing, ", "))
		}
	}
	if b.Len() == 0 {
		return "No plots were measured."
	}
	return b.String()
}

// Colours that colour-blind people can tell apart (Okabe and Ito), and shapes
// for those who print.
var (
	colours = []color.RGBA{
		{0x00, 0x72, 0xb2, 0xff}, {0xd5, 0x5e, 0x00, 0xff}, {0x00, 0x9e, 0x73, 0xff}, {0xcc, 0x79, 0xa7, 0xff},
		{0xe6, 0x9f, 0x00, 0xff}, {0x56, 0xb4, 0xe9, 0xff}, {0x40, 0x40, 0x40, 0xff},
	}
	shapes = []draw.GlyphDrawer{
		draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{},
		draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.CrossGlyph{},
	}
)

// draw returns the plot as SVG. Its background is white, so that it can be
// read on a dark page too.
func (p picture) draw() ([]byte, error) {
	pl := plot.New()
	pl.Title.Text, pl.X.Label.Text, pl.Y.Label.Text = p.title, p.x, p.y
	pl.Title.Padding = vg.Points(8)
	const sans = "Sans"
	pl.Title.TextStyle.Font.Variant = sans
	pl.Legend.TextStyle.Font.Variant = sans
	for _, axis := range []*plot.Axis{&pl.X, &pl.Y} {
		axis.Label.TextStyle.Font.Variant = sans
		axis.Tick.Label.Font.Variant = sans
		axis.Tick.Marker = ticks{}
	}
	pl.Legend.Top, pl.Legend.Left = true, true
	pl.Legend.XOffs, pl.Legend.YOffs, pl.Legend.Padding = vg.Points(8), vg.Points(-4), vg.Points(3)

	grid := plotter.NewGrid()
	grid.Vertical.Width = 0
	grid.Horizontal.Color = color.Gray{Y: 0xdd}
	pl.Add(grid)
	for _, l := range p.lines {
		lines, points, err := plotter.NewLinePoints(l.points)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.server, err)
		}
		lines.Color = colours[l.index%len(colours)]
		lines.Width = vg.Points(1.5)
		points.Color = lines.Color
		points.Shape = shapes[l.index%len(shapes)]
		points.Radius = vg.Points(3)
		pl.Add(lines, points)
		pl.Legend.Add(l.server, lines, points)
	}
	// From 0, or differences would look larger than they are; and with room
	// for the legend.
	pl.X.Min, pl.Y.Min = 0, 0
	pl.Y.Max *= 1.5

	canvas := vgsvg.New(16*vg.Centimeter, 10*vg.Centimeter)
	all := draw.New(canvas)
	all.SetColor(color.White)
	all.Fill(all.Path())
	margin := vg.Points(10)
	pl.Draw(draw.Crop(all, margin, -2*margin, margin, -margin))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, err
	}
	// Arial has the same widths, where there is no Liberation Sans.
	return bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;")), nil
}
