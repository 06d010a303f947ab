/** How tracebacks call the user's code. */
export const SCRIPT_FILE = 'script.py';

/**
 * What runs in Python around scripts: `__quern(request)` takes a `PythonRequest` as JSON text and gives the answer as
 * JSON text, a `ScriptAnswer` for calls. A failure is data; only the end of the interpreter raises.
 */
export const PRELUDE = `
def __quern():
    import builtins, json
    loads, dumps = json.loads, json.dumps
    functions = {}
    failed = {}

    def shown(value):
        try:
            return repr(value)[:60]
        except BaseException:
            return type(value).__name__

    def failure(error, row=None):
        line, column = None, None
        if isinstance(error, SyntaxError) and error.filename == '${SCRIPT_FILE}':
            line, column, text = error.lineno, error.offset, error.msg
        else:
            try:
                text = str(error)
            except BaseException:
                text = ''
            trace = error.__traceback__
            while trace is not None:
                if trace.tb_frame.f_code.co_filename == '${SCRIPT_FILE}':
                    line = trace.tb_lineno
                trace = trace.tb_next
        name = type(error).__name__
        answer = {'error': (f'{name}: {text}' if text else name)[:1000], 'row': row, 'line': line, 'column': column}
        return {key: value for key, value in answer.items() if value is not None}

    def load(id, code, name):
        scope = {'__name__': 'script', '__builtins__': builtins}
        try:
            exec(compile(code, '${SCRIPT_FILE}', 'exec'), scope)
            function = scope.get(name)
            if callable(function):
                functions[id] = function
            else:
                failed[id] = {'error': f'the code defines no function {name}'}
        except BaseException as error:
            failed[id] = failure(error)

    def call(id, rows):
        if id in failed:
            return failed[id]
        function = functions[id]
        verdicts = []
        for row, arguments in enumerate(rows):
            try:
                value = function(*arguments)
            except BaseException as error:
                return failure(error, row)
            if value is True:
                verdicts.append('t')
            elif value is False:
                verdicts.append('f')
            elif value is None:
                verdicts.append('n')
            else:
                return {'row': row, 'error': f'it returned {shown(value)}; return True, False or None'}
        return {'verdicts': ''.join(verdicts)}

    def serve(text):
        request = loads(text)
        if request['type'] == 'load':
            load(request['id'], request['code'], request['function'])
            return '{}'
        if request['type'] == 'end':
            functions.clear()
            failed.clear()
            return '{}'
        return dumps(call(request['id'], request['rows']))

    return serve

__quern()
`;
