using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MLNetCnn.Cli.Console;

/// <summary>Turns the first Ctrl-C (or SIGTERM) into a request to stop and keep the best so far; a later one ends the process.</summary>
/// <remarks>What comes within moments is one request: a worker is told by the terminal or the service manager that it shares with the sweep, and by the sweep.</remarks>
internal sealed class Cancellation : IDisposable
{
    private static readonly TimeSpan OneRequest = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _source = new();
    private readonly Lock _lock = new();
    private long _first;
    private PosixSignal _signal;
    private readonly PosixSignalRegistration[] _signals;

    public Cancellation(Screen screen)
    {
        void Stop(PosixSignalContext context)
        {
            lock (_lock)
            {
                if (_first != 0)
                {
                    // Nobody but a user sends Ctrl-C twice.
                    context.Cancel = Stopwatch.GetElapsedTime(_first) < OneRequest && (_signal, context.Signal) != (PosixSignal.SIGINT, PosixSignal.SIGINT);
                    return;
                }

                context.Cancel = true;
                (_first, _signal) = (Stopwatch.GetTimestamp(), context.Signal);
            }

            screen.Line("stopping: keeping the best model so far (again to end at once)");
            _source.Cancel();
        }

        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }
}
