namespace Caretta.EndToEnd.Tests.Hosts;

public sealed class HiddenChangesSpecs(ITestOutputHelper output)
{
    private const string Dial = "exec 3<>/dev/tcp/127.0.0.1/1";

    private const string ListensInAThread = """
        #include <pthread.h>
        #include <stdio.h>
        #include <sys/socket.h>
        static void *listen_once(void *nothing)
        {
            listen(socket(AF_INET, SOCK_STREAM, 0), 1);
            return nothing;
        }
        int main(void)
        {
            char order[16];
            pthread_t thread;
            setvbuf(stdout, NULL, _IOLBF, 0);
            puts("ready");
            while (fgets(order, sizeof(order), stdin)) {
                pthread_create(&thread, NULL, listen_once, NULL);
                pthread_join(thread, NULL);
                puts("obeyed");
            }
            return 0;
        }
        """;

    [PrivilegedFact]
    public void Changes_while_the_process_is_current_are_seen_and_not_those_of_what_it_starts()
    {
        // What is evaluated are the orders below and nothing else: the shell must do them itself, in the process that is watched.
        using var shell = new HeldProcess(["bash", "-c", "echo ready; while read -r order; do eval \"$order\" 2>/dev/null || true; echo obeyed; done"]);
        using var changes = new HiddenChanges((int)shell.Id);
        shell.Obey($"({Dial})"); // in a process of its own
        Assert.Equal(0, changes.Count);

        shell.Obey(Dial);
        Assert.True(changes.Count > 0);
    }

    /// <summary>Of a process that does nothing else: the log of one that does keeps the latest alone, and may come to hold fewer.</summary>
    [PrivilegedFact]
    public void So_are_those_of_a_thread_begun_later()
    {
        var folder = Directory.CreateTempSubdirectory("caretta-e2e-").FullName;
        try
        {
            var program = Path.Combine(folder, "listener");
            File.WriteAllText(program + ".c", ListensInAThread);
            Command.Run("clang", "-pthread", program + ".c", "-o", program);
            using var process = new HeldProcess([program]);
            using var changes = new HiddenChanges((int)process.Id);
            Assert.Equal(0, changes.Count);

            process.Obey("listen");
            Assert.True(changes.Count > 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [PrivilegedFact]
    public async Task What_fails_while_nothing_was_hidden_fails()
    {
        var runs = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(() => HiddenChanges.Excluded(output, () => throw new InvalidOperationException($"{++runs}")));
        Assert.InRange(runs, 1, 5); // once, unless something was hidden just then
    }
}
