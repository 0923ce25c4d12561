using System.Diagnostics;
using SecurityAudit.Capture.Identity.Database;
using SecurityAudit.Capture.Tables;
using SecurityAudit.Redaction;

namespace SecurityAudit.Tests.Identity;

public sealed class EntityFrameworkListenerTests
{
    [Fact]
    public void AHostThatEndsWhileAnotherLoadsItsDatabaseHoldsNeitherUp()
    {
        // The list of diagnostic listeners belongs to the process: it calls its observers, the latest first, under the lock that ending a
        // subscription takes.
        var ending = new EntityFrameworkListener(null!, null!, null!, TimeProvider.System, null!, new TrackedRows(new TrackedTables([]), SensitiveNames.Usual));
        var host = new Thread(ending.Dispose) { IsBackground = true };
        var observer = new Latest(host);
        var database = new Thread(() => new DiagnosticListener("Microsoft.EntityFrameworkCore").Dispose()) { IsBackground = true };
        observer.Database = database;
        using (DiagnosticListener.AllListeners.Subscribe(observer))
        {
            database.Start();

            Assert.True(database.Join(TimeSpan.FromSeconds(10)), "the database waits for the host that ends");
            Assert.True(host.Join(TimeSpan.FromSeconds(10)), "the host that ends waits for the database");
        }
    }

    /// <summary>Lets the host come to the list's lock before the listener of that host hears of the database.</summary>
    private sealed class Latest(Thread host) : IObserver<DiagnosticListener>
    {
        public Thread? Database { get; set; }

        public void OnNext(DiagnosticListener value)
        {
            if (Thread.CurrentThread == Database)
            {
                host.Start();
                Assert.True(SpinWait.SpinUntil(() => host.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(10)));
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error) => throw error;
    }
}
