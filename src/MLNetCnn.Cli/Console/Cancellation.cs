using System.Runtime.InteropServices;

namespace MLNetCnn.Cli.Console;

/// <summary>Turns the first Ctrl-C (or SIGTERM) into a request to stop and keep the best so far; the second ends the process.</summary>
internal sealed class Cancellation : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Cancellation(Screen screen)
    {
        void Stop(PosixSignalContext context)
        {
            if (_source.IsCancellationRequested)
            {
                return;
            }

            context.Cancel = true;
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
