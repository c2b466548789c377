#!/bin/bash
# Go: os/exec with a file of its own (it starts programs by raw system calls)
# packages: golang-go
# version: go version
# says: ^from Go: 42$
# limit: 180
. "$(dirname "$0")/lib.bash"

cat >it.go <<'G'
package main
import ("fmt"; "os"; "os/exec")
func main() {
	out, _ := exec.Command("sh", "-c", "echo from Go: $((40 + 2))").Output()
	fmt.Print(string(out))
	r, w, _ := os.Pipe()
	c := exec.Command("sh", "-c", "echo three >&3")
	c.ExtraFiles = []*os.File{w}
	c.Run()
	b := make([]byte, 9)
	n, _ := r.Read(b)
	fmt.Print(string(b[:n]))
}
G
GOFLAGS=-mod=mod GOCACHE=/mnt/home/cache go run it.go
