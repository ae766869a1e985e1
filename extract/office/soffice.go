package office

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// settings close the doors of LibreOffice: macros never run, links are neither
// followed nor updated, and the only proxy refuses.
const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
`

// find returns the path of LibreOffice.
func find() (string, error) {
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoConverter
}

// prepare makes the working folder with the profile, once.
func (c *Converter) prepare() error {
	if c.dir != "" {
		return nil
	}
	dir, err := os.MkdirTemp(c.parent, "nianbao-office-")
	if err != nil {
		return err
	}
	user := filepath.Join(dir, "profile", "user")
	if err := os.MkdirAll(user, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), []byte(settings), 0o600); err != nil {
		return err
	}
	c.dir, err = filepath.Abs(dir)
	return err
}

// errWork says that LibreOffice took all the processor time it was given.
var errWork = errors.New("out of processor time")

// run starts LibreOffice and returns what it said. Its exit code tells little: it is
// 0 where a document could not be opened.
func (c *Converter) run(ctx context.Context, work time.Duration, program string, f format, out string, names []string) (said string, err error) {
	profile := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(c.dir, "profile"))}
	arguments := append([]string{
		"-env:UserInstallation=" + profile.String(),
		"--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard",
		"--infilter=" + f.filter, "--convert-to", f.kind, "--outdir", out,
	}, names...)
	cmd := command(ctx, work, program, arguments...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.Dir = c.dir
	cmd.Env = []string{
		"HOME=" + c.dir, "TMPDIR=" + c.dir, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "SAL_USE_VCLPLUGIN=svp",
		"http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9",
	}
	cmd.WaitDelay = 5 * time.Second
	err = cmd.Run()
	if s := cmd.ProcessState; err != nil && s != nil && s.UserTime()+s.SystemTime() > work*9/10 { // counted less finely than it is bounded
		err = errWork
	}
	return output.String(), err
}
