import { createServer } from 'node:net';

/*
 * The echo server where there is no C compiler: `echo.cjs SOCKET` writes back what it reads until it is ended.
 */
createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => socket.write(bytes));
}).listen(process.argv[2]);
