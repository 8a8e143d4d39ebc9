package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/gosio/sio/e2e/tools"
)

// window is the size of what a page is shown in.
type window struct {
	name          string
	width, height int64
	phone         bool
}

var (
	desktop = window{name: "desktop", width: 1200, height: 800}
	phone   = window{name: "phone", width: 390, height: 844, phone: true}
)

// chromium is one browser, without a window on a screen.
type chromium struct{ ctx context.Context }

func startChromium(t *testing.T) chromium {
	t.Helper()
	path := tools.NeedChromium(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, // which root cannot have
		chromedp.DisableGPU,
		chromedp.Flag("headless", "new"),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "en-GB"),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	t.Cleanup(func() { // waits, so that its folder can be removed, but not for a browser that hangs
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_ = chromedp.Cancel(ctx)
	})
	return chromium{ctx}
}

// page is one page, with cookies and storage of its own. An exception that
// its scripts do not catch fails the test.
type page struct {
	ctx    context.Context
	t      *testing.T
	close  func()
	thrown chan error // gets the first exception
}

func (c chromium) page(t *testing.T, w window) *page {
	t.Helper()
	return c.pageIn(t, w, chromedp.WithNewBrowserContext())
}

// tab is another page with the cookies and storage of p. It is closed before p.
func (p *page) tab(w window) *page {
	p.t.Helper()
	return chromium{p.ctx}.pageIn(p.t, w)
}

func (c chromium) pageIn(t *testing.T, w window, where ...chromedp.ContextOption) *page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(c.ctx, where...)
	t.Cleanup(cancel)
	p := &page{ctx: ctx, t: t, close: cancel, thrown: make(chan error, 1)}
	err := c.open(ctx, func(event any) {
		if e, ok := event.(*runtime.EventExceptionThrown); ok {
			err := fmt.Errorf("the page threw: %s", e.ExceptionDetails.Text)
			if o := e.ExceptionDetails.Exception; o != nil {
				err = fmt.Errorf("%w: %s", err, o.Description)
			}
			t.Error(err)
			select {
			case p.thrown <- err:
			default:
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var options []chromedp.EmulateViewportOption
	if w.phone {
		options = []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)}
	}
	// The driver has a short queue for what a page tells, and stands still for good if a
	// page is closed while it is full. So let it not hear of each request and frame, which
	// nobody here wants to know, and hear the end of the rest before the page is closed.
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_ = chromedp.Do(ctx, chromedp.Navigate("about:blank"))
	})
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.Disable, cdp.Empty{})
		return chromedp.Void{}, err
	})
	p.do(chromedp.EmulateViewport(w.width, w.height, options...))
	return p
}

// open opens a page. A browser that does not answer is an error, and does not hold
// up the tests until they are given up.
func (c chromium) open(ctx context.Context, listen func(any)) error {
	opened := make(chan error, 1)
	go func() { opened <- chromedp.Listen(ctx, listen) }()
	select {
	case err := <-opened:
		return err
	case <-time.After(2 * patience):
		return errors.New("Chromium opens no page")
	}
}

// do runs actions.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// get runs an action and returns what it gives.
func get[T any](p *page, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatal(err)
	}
	return value
}

// until waits until a JavaScript expression is true.
func (p *page) until(expression string) {
	p.t.Helper()
	if p.soon(expression, patience) {
		return
	}
	p.screenshot("failed " + strings.ReplaceAll(p.t.Name(), "/", " "))
	p.t.Fatalf("never true: %s\nThe page:\n%s", expression, get(p, chromedp.Evaluate[string]("document.body.innerText + document.querySelector('#notice')?.textContent")))
}

// soon reports whether a JavaScript expression becomes true within d.
func (p *page) soon(expression string, d time.Duration) bool {
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool]("!!("+expression+")",
		chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(d)))
	return err == nil
}

// screenshot writes what the page looks like to screenshots/ in the top folder.
func (p *page) screenshot(name string) {
	p.t.Helper()
	png := get(p, chromedp.CaptureScreenshot())
	root, err := tools.Root()
	if err != nil {
		p.t.Fatal(err)
	}
	dir := filepath.Join(root, "screenshots")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		p.t.Fatal(err)
	}
}
