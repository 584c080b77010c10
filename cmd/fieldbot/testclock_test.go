//go:build testclock

package main

const clockCanBeSet = true
