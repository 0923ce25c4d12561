// The program that the journal tests start in order to kill, starve, trace or race it.
return 0;
