// ProcessBuilder with pipes, with files and with a program that does not exist.
import java.io.*;
public class Builder {
	public static void main(String[] a) throws Exception {
		FileInputStream held = new FileInputStream("input");
		Process p = new ProcessBuilder("sh", "-c", "tr a-z A-Z; echo err >&2; exit 3").start();
		p.getOutputStream().write("text\n".getBytes());
		p.getOutputStream().close();
		System.out.print(new String(p.getInputStream().readAllBytes()));
		System.out.print(new String(p.getErrorStream().readAllBytes()));
		System.out.println(p.waitFor());
		ProcessBuilder b = new ProcessBuilder("cat");
		b.redirectInput(new File("input")).redirectOutput(new File("output")).redirectErrorStream(true);
		System.out.println(b.start().waitFor());
		try {
			new ProcessBuilder("/nonexistent").start();
		} catch (IOException e) {
			System.out.println(e.getMessage().contains("No such file"));
		}
		held.close();
	}
}
