// os/exec with ExtraFiles, through a shell and wrappers.
package main
import ("fmt"; "os"; "os/exec")
func main() {
	r, w, _ := os.Pipe()
	f, _ := os.Open(os.Args[1])
	c := exec.Command("sh", "-c", "head -n 1 <&4 >&3; env cat /dev/fd/4 | wc -l | env sh -c 'cat >&3'")
	c.ExtraFiles = []*os.File{w, f}
	fmt.Println(c.Run())
	w.Close()
	var s string
	for { if _, e := fmt.Fscanln(r, &s); e != nil && s == "" { break }; fmt.Println(s); s = "" }
	fmt.Println(exec.Command("/nonexistent").Run())
}
