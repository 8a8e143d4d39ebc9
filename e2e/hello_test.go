package e2e_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestHello opens the page of examples/hello, and reads what the pop-up says.
func TestHello(t *testing.T) {
	t.Parallel()
	browser := startChromium(t)
	server := start(t, build(t, "hello"), "127.0.0.1:0")
	for _, w := range []window{desktop, phone} {
		t.Run(w.name, func(t *testing.T) {
			p := browser.page(t, w)
			// Not chromedp.Navigate, which waits for a page to be loaded: the
			// pop-up may come before.
			open := func(ctx context.Context, t *chromedp.Target) (cdppage.NavigateResult, error) {
				return cdp.Call(ctx, t, cdppage.Navigate, cdppage.NavigateParams{URL: server.URL})
			}
			dialog := get(p, chromedp.WaitEvent(cdppage.JavascriptDialogOpening, nil, open))
			if dialog.Type != cdppage.DialogTypeAlert || dialog.Message != "Hello from Go!" {
				t.Errorf("the dialog is a %s with %q", dialog.Type, dialog.Message)
			}
			get(p, func(ctx context.Context, t *chromedp.Target) (cdp.Empty, error) {
				return cdp.Call(ctx, t, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
			})
			p.until(`document.readyState === "complete"`)
			p.screenshot("hello " + w.name)
		})
	}
}
