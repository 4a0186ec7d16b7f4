using System.Runtime.InteropServices;

namespace Caretta.Node;

/// <summary>For a command that has done its work and is to stay, as a pod of a DaemonSet must: until it is asked to stop.</summary>
internal static class StopSignal
{
    public static async Task WaitAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            asked.TrySetResult();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await asked.Task;
    }
}
