#!/bin/bash
# OpenJDK: ProcessBuilder through its spawn helper
# packages: openjdk-17-jdk-headless
# version: java -version
# says: ^from a process: 42$
# limit: 120
. "$(dirname "$0")/lib.bash"

cat >It.java <<'J'
public class It {
	public static void main(String[] a) throws Exception {
		var f = new java.io.FileInputStream("/etc/passwd");
		var s = new java.net.ServerSocket(8080);
		var p = new ProcessBuilder("sh", "-c", "echo from a process: $((40 + 2)); ls /proc/self/fd | wc -l >/dev/null").start();
		System.out.print(new String(p.getInputStream().readAllBytes()));
		System.out.println("exit " + p.waitFor());
	}
}
J
java It.java
