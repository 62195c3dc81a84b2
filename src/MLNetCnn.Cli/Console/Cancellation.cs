using System.Runtime.InteropServices;

namespace MLNetCnn.Cli.Console;

/// <summary>Turns the first Ctrl-C (or SIGTERM) into a request to stop and keep the best so far; the second of the same kind ends the process.</summary>
/// <remarks>The kinds count apart: a worker gets Ctrl-C from the terminal that it shares with the sweep, and SIGTERM from the sweep.</remarks>
internal sealed class Cancellation : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly HashSet<PosixSignal> _seen = [];
    private readonly PosixSignalRegistration[] _signals;

    public Cancellation(Screen screen)
    {
        void Stop(PosixSignalContext context)
        {
            lock (_seen)
            {
                if (!_seen.Add(context.Signal))
                {
                    return;
                }

                context.Cancel = true;
                if (_seen.Count > 1)
                {
                    return;
                }
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
