# multiprocessing with the start method argv[1]: pool, executor, queue, pipe, sentinel, shared memory.
import concurrent.futures as futures, multiprocessing as mp, sys
from multiprocessing import shared_memory
def square(n):
	return n * n
def through(q, c, e, name):
	e.wait()
	shm = shared_memory.SharedMemory(name)
	shm.buf[0] = 42
	shm.close()
	q.put("queued")
	c.send("sent")
if __name__ == "__main__":
	ctx = mp.get_context(sys.argv[1])
	with ctx.Pool(2) as pool:
		print(pool.map(square, range(4)))
	with futures.ProcessPoolExecutor(2, ctx) as ex:
		print(list(ex.map(square, range(3))))
	q, e, (a, b) = ctx.Queue(), ctx.Event(), ctx.Pipe()
	shm = shared_memory.SharedMemory(create=True, size=1)
	p = ctx.Process(target=through, args=(q, b, e, shm.name))
	p.start()
	print("sentinel:", mp.connection.wait([p.sentinel], 0) == [])
	e.set()
	print(q.get(timeout=20), a.recv())
	p.join()
	print(p.exitcode, shm.buf[0])
	shm.unlink()
